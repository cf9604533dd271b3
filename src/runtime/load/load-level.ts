import { canonicalValue } from "../codec/canonical-value.js";
import { deepFreeze } from "../deep-freeze.js";
import type { ErrorCode } from "../definition.js";
import type { UseCaseError } from "../errors.js";
import type { Definition, Erased, ErasedScope, Fields, State } from "../internals.js";
import type { BurstItem, SqlText, StatementResult } from "../ports.js";
import { refusal } from "../refusal.js";
import { type ColumnInfo, columnOf } from "../table-info.js";
import type { Total } from "./aggregate.js";
import { bindLoads, type LoadMode, type LoadVariant } from "./load-statement.js";
import type { MakeRow, RawRow } from "./loaded-rows.js";
import type { LoadGroup, LoadLevel } from "./plan-loads.js";
import type { PlannedLoad } from "./planned-load.js";
import type { BoundSequences } from "./sequences.js";

/** A level's statements for one call, and what is needed to read their answers. */
export interface BoundLevel {
  readonly items: readonly BurstItem[];
  /** How many of them only lock: they answer nothing. */
  readonly locking: number;
  readonly sequences: { readonly names: readonly string[]; readonly bound: BoundSequences | undefined };
  readonly groups: readonly { readonly group: LoadGroup; readonly variant: LoadVariant }[];
  readonly loads: readonly PlannedLoad[];
}

/** A load that found less than it must. */
export interface MissingRow {
  readonly load: string;
  readonly code: ErrorCode<Erased>;
}

/** Evaluates a level's conditions; what is computed from loads must stand in the scope already. */
export function bindLevel(level: LoadLevel, scope: ErasedScope, mode: LoadMode): BoundLevel {
  // A mere read takes no locks, and no ids.
  const locks = mode === "transaction" ? level.locks?.bind(scope) : undefined;
  const sequences = mode === "transaction" ? level.sequences?.bind(scope) : undefined;
  const groups = level.groups.flatMap((group) => {
    if (!group.varies) return [{ group, variant: group.whole(mode) }];
    const loads = group.loads.map((planned) => {
      const takesPlace = planned.load.when?.(scope) ?? true;
      // The conditions of a load that does not take place may read rows that are not there.
      return { planned, takesPlace, conditions: planned.conditionals.map((when) => takesPlace && when(scope)) };
    });
    const active = loads.filter(({ takesPlace }) => takesPlace).map(({ planned }) => planned);
    if (active.length === 0) return [];
    const held = new Set(loads.flatMap(({ planned, conditions }) => planned.conditionals.filter((_, index) => conditions[index])));
    const mask = loads.map(({ takesPlace, conditions }) => [takesPlace, ...conditions].map(Number).join("")).join(" ");
    return [{ group, variant: group.statement(active, (when) => held.has(when), mask, mode) }];
  });
  return {
    items: [
      ...(locks === undefined ? [] : [locks]),
      ...groups.map(({ variant }) => bindLoads(variant, scope)),
      ...(sequences === undefined ? [] : [sequences.item]),
    ],
    locking: locks === undefined ? 0 : 1,
    sequences: { names: level.sequences?.names ?? [], bound: sequences },
    groups,
    loads: level.groups.flatMap((group) => group.loads),
  };
}

/** What the level's loads gave, by name: a row, null, rows, or a map; and in `missing` those that found too little. */
export function readLevel(
  bound: BoundLevel,
  results: readonly StatementResult[],
  scope: ErasedScope,
  makeRow: MakeRow,
): { readonly state: State; readonly missing: readonly MissingRow[] } {
  const { sequences, locking } = bound;
  const state: Record<string, unknown> = {};
  for (const planned of bound.loads) state[planned.name] = nothing(planned);
  for (const name of sequences.names) state[name] = null;
  const missing: MissingRow[] = [];
  for (const [index, { group, variant }] of bound.groups.entries()) {
    const rows = results[locking + index]?.rows ?? [];
    for (const { planned, mark } of variant.dealt) {
      if (variant.totals !== undefined) {
        state[planned.name] = totals(variant.totals, rows[0] ?? []);
        continue;
      }
      const { columns } = variant;
      const found: RawRow[] = [];
      for (const texts of rows)
        if (mark === undefined || texts[mark] === "t")
          found.push({ texts, columns, repository: group.repository, locked: group.lock !== "none" });
      state[planned.name] = shape(planned, found, makeRow);
      const code = whatIsMissing(planned, found, columns, scope);
      if (code !== undefined) missing.push({ load: planned.name, code });
    }
  }
  if (sequences.bound !== undefined) Object.assign(state, sequences.bound.read(results[locking + bound.groups.length]));
  return { state, missing };
}

/** The refusal of the load that comes first in the spec among those that found too little. */
export function firstMissing(definition: Definition, missing: readonly MissingRow[]): UseCaseError | undefined {
  if (missing.length === 0) return undefined;
  const order = Object.keys(definition.state);
  const [first] = missing.toSorted((a, b) => order.indexOf(a.load) - order.indexOf(b.load));
  return first && refusal(definition, first.code, first.code === "NotFound" ? { state: first.load } : undefined);
}

function nothing({ load }: PlannedLoad): unknown {
  if (load.aggregate !== undefined) return null;
  if (load.keyBy !== undefined) return new Map();
  return load.cardinality === "many" ? [] : null;
}

function totals(computed: readonly Total[], texts: readonly SqlText[]): Fields {
  return deepFreeze(Object.fromEntries(computed.map(({ name, decode }, position) => [name, decode(texts[position] ?? null)])));
}

function shape({ load }: PlannedLoad, found: readonly RawRow[], makeRow: MakeRow): unknown {
  if (load.cardinality !== "many" && load.keyBy === undefined) {
    const [first] = found;
    return first === undefined ? null : makeRow(first, load.columns);
  }
  const rows = found.map((raw) => makeRow(raw, load.columns));
  const { keyBy } = load;
  if (keyBy === undefined) return Object.freeze(rows);
  return new Map(rows.map((row, index): [unknown, Fields] => [keyValue(row, keyBy, found[index]), row]));
}

function keyValue(row: Fields, keyBy: string, raw: RawRow | undefined): unknown {
  if (keyBy in row || raw === undefined) return row[keyBy];
  const position = raw.columns.findIndex(({ key }) => key === keyBy);
  return raw.columns[position]?.decode(raw.texts[position] ?? null);
}

function whatIsMissing(
  { load }: PlannedLoad,
  found: readonly RawRow[],
  columns: readonly ColumnInfo[],
  scope: ErasedScope,
): ErrorCode<Erased> | undefined {
  if (load.cardinality === "optional") return undefined;
  if (load.cardinality !== "many") return found.length === 0 ? (load.missing ?? "NotFound") : undefined;
  if (load.missing === undefined) return undefined;
  const { OR: _, NOT: __, ...conditions } = load.where;
  const lists = Object.entries(conditions).flatMap(([key, condition]) =>
    typeof condition === "object" && condition.in !== undefined ? [{ info: columnOf(load.from, key), values: condition.in(scope) }] : [],
  );
  // Without a list, "many" that must not be missing means: at least one.
  if (lists.length === 0) return found.length === 0 ? load.missing : undefined;
  return lists.every(({ info, values }) => everyValueFound(info, values, found, columns)) ? undefined : load.missing;
}

function everyValueFound(info: ColumnInfo, values: readonly unknown[], found: readonly RawRow[], columns: readonly ColumnInfo[]): boolean {
  const position = columns.findIndex(({ key }) => key === info.key);
  const present = new Set(found.map(({ texts }) => canonicalValue(info.castType, texts[position] ?? null)));
  return values.every((value) => present.has(canonicalValue(info.castType, encoded(info, value))));
}

function encoded(info: ColumnInfo, value: unknown): SqlText {
  return value === undefined ? null : info.encode(value);
}
