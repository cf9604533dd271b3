// What a handler may do to the tables that its spec names. Nothing is sent here: the changes of one row are merged, and
// written together when the handler has returned. In one statement a second change of a row would be lost silently, so
// there is never more than one.
import type { Upsert, WriteRights } from "../definition.js";
import type { Definition, Fields } from "../internals.js";
import { keyIdentity, originOf, type RowOrigin, type RowOrigins } from "../load/loaded-rows.js";
import type { AnyRepository } from "../repository.js";
import { columnOf, tableInfo } from "../table-info.js";
import type { StateChange } from "../transitions.js";
import { addAmounts, requireAmount } from "./amount.js";
import { type NewRowContext, newRow } from "./new-row.js";
import type { Amount, RowChange } from "./row-change.js";
import { nextVersion, withVersion } from "./row-version.js";

/** The functions of one table, as many as the spec allows. */
export interface TableWrites {
  insert?(row: Fields): Fields;
  update?(row: Fields, changes: Fields): Fields;
  increment?(key: Fields, amounts: Readonly<Record<string, Amount | undefined>>): void;
  upsert?(row: Fields): void;
  delete?(row: Fields): void;
}

export interface WriteQueue {
  /** What the handler gets. */
  readonly writes: Readonly<Record<string, TableWrites>>;
  /** Queues what a transition writes; the row can still be changed by the handler. */
  transition(change: StateChange): void;
  /** What is to be written now, one change per row in the order in which the rows were first changed. More may follow. */
  flush(): readonly RowChange[];
  /** The rest. No more are accepted afterwards. */
  close(): readonly RowChange[];
}

interface Entry {
  change: RowChange;
  /** Counts the updates: a row object of an earlier count has been superseded. */
  generation: number;
  /** Its row is gone, or nobody knows which it is: nothing more can follow what was flushed. */
  done?: boolean;
  /** Columns that were added to by what was flushed. */
  added?: readonly string[] | undefined;
}

export function writeQueue(definition: Definition, origins: RowOrigins, context: NewRowContext): WriteQueue {
  const entries = new Map<string, Entry>();
  let closed = false;
  let unnamed = 0;

  const open = (repository: AnyRepository) => {
    if (closed) throw new Error(`${repository.name}: the handler has returned; nothing can be queued any more. Await what you start.`);
  };
  const entryKey = (repository: AnyRepository, identity: string) => `${repository.name} ${identity}`;
  /** The row's origin and its change so far, if it is a row of this table that nothing has superseded. */
  const known = (repository: AnyRepository, row: Fields): { readonly origin: RowOrigin; readonly entry: Entry | undefined } => {
    const origin = origins.get(row);
    if (origin === undefined)
      throw new Error(`${repository.name}: this is not a row that was loaded; pass the loaded object itself, not a copy.`);
    if (origin.repository.name !== repository.name) throw new Error(`${repository.name}: this is a row of ${origin.repository.name}.`);
    const entry = entries.get(entryKey(repository, origin.identity));
    if (entry?.change.operation === "delete") throw new Error(`${repository.name}: this row was deleted already.`);
    if (entry?.change.operation === "upsert") throw new Error(`${repository.name}: this row was upserted already.`);
    if (origin.generation !== (entry?.generation ?? 0)) {
      throw new Error(`${repository.name}: this row was changed already; use the row that update() returned.`);
    }
    return { origin, entry };
  };

  const put = (change: RowChange, generation: number) => {
    const key = entryKey(change.repository, change.identity);
    entries.set(key, { change, generation, added: entries.get(key)?.added });
  };

  const pending = () => [...entries.values()].filter(({ change, done }) => done !== true && !isEmpty(change));

  const flush = (): readonly RowChange[] =>
    pending().map((entry) => {
      const { change } = entry;
      const written = withVersion(change);
      entry.added = [...(entry.added ?? []), ...Object.keys(change.increments)];
      entry.done = change.operation === "delete" || change.operation === "upsert";
      if (!entry.done) entry.change = afterwards(change, written);
      return written;
    });

  const update = (rights: WriteRights, row: Fields, changes: Fields): Fields => {
    const { into: repository } = rights;
    open(repository);
    const { origin, entry } = known(repository, row);
    for (const column of Object.keys(changes)) requireChangeable(rights, column, changes[column]);
    if (entry !== undefined) requireNotIncremented(entry, changes);
    const change = changeOf(entry, origin, row);
    const generation = (entry?.generation ?? 0) + 1;
    const values = { ...change.values, ...(change.operation === "insert" ? {} : renewedColumns(repository, changes)), ...changes };
    put({ ...change, values }, generation);

    const next: Record<string, unknown> = { ...row };
    // The row shows the columns that it was loaded with, and those that were given.
    for (const column of Object.keys(values)) if (column in row || column in changes) next[column] = values[column];
    const { version } = repository;
    if (version !== undefined && version in row && change.operation === "update") next[version] = nextVersion(change.version);
    origins.set(next, { ...origin, generation });
    return Object.freeze(next);
  };

  const insert = ({ into: repository }: WriteRights, given: Fields): Fields => {
    open(repository);
    const values = newRow(repository, given, context);
    const origin = originOf(repository, values, true);
    // Of a table without primary key nobody can name the row again.
    const { key, identity } = origin ?? { key: {}, identity: `#${++unnamed}` };
    if (entries.has(entryKey(repository, identity)))
      throw new Error(`${repository.name}: a row with the key ${identity} was queued already.`);
    put({ repository, identity, key, operation: "insert", values, increments: {}, guards: {}, locked: true }, 0);
    const handle = Object.freeze({ ...key });
    if (origin !== undefined) origins.set(handle, origin);
    return handle;
  };

  const upsert = ({ into: repository }: WriteRights, how: Upsert, given: Fields): void => {
    open(repository);
    const values = newRow(repository, given, context);
    const key = Object.fromEntries(how.key.map((column) => [column, values[column]]));
    const samePrimary = how.key.length === repository.key.length && how.key.every((column) => repository.key.includes(column));
    // By another key nobody knows which row it will be: the database refuses what changes a row twice.
    const identity = samePrimary ? keyIdentity(repository, key) : `by ${keyIdentity({ ...repository, key: how.key }, key)}`;
    if (entries.has(entryKey(repository, identity)))
      throw new Error(`${repository.name}: a row with the key ${identity} was queued already.`);
    put({ repository, identity, key, operation: "upsert", upsert: how, values, increments: {}, guards: {}, locked: false }, 0);
  };

  const increment = (rights: WriteRights, row: Fields, amounts: Readonly<Record<string, Amount | undefined>>): void => {
    const { into: repository } = rights;
    open(repository);
    const key = Object.fromEntries(repository.key.map((name) => [name, row[name]]));
    const identity = keyIdentity(repository, key);
    const entry = entries.get(entryKey(repository, identity));
    if (entry?.change.operation === "delete") throw new Error(`${repository.name}: this row was deleted already.`);
    const guards = repository.tenant !== undefined && context.tenant !== undefined ? { [repository.tenant]: context.tenant } : {};
    if (entry?.change.operation === "upsert") throw new Error(`${repository.name}: one row is both upserted and incremented.`);
    const change: RowChange = entry?.change ?? {
      repository,
      identity,
      key,
      operation: "update",
      values: {},
      increments: {},
      guards,
      locked: false,
    };
    const given = Object.entries(amounts).filter((amount): amount is [string, Amount] => amount[1] !== undefined);
    for (const [column, amount] of given) {
      if (rights.increment?.includes(column) !== true)
        throw new Error(`${repository.name}: the spec does not let "${column}" be incremented.`);
      requireAmount(`${repository.name}: "${column}"`, amount);
    }
    put(withIncrements(change, Object.fromEntries(given)), entry?.generation ?? 0);
  };

  const remove = ({ into: repository }: WriteRights, row: Fields): void => {
    open(repository);
    const { origin, entry } = known(repository, row);
    // A row of one's own that goes again was never there.
    if (entry?.change.operation === "insert") entries.delete(entryKey(repository, origin.identity));
    else put({ ...changeOf(entry, origin, row), operation: "delete", values: {}, increments: {} }, (entry?.generation ?? 0) + 1);
  };

  const tableWrites = (rights: WriteRights): TableWrites => {
    const { upsert: how } = rights;
    const allowed: TableWrites = {};
    if (how) allowed.upsert = (row) => upsert(rights, how, row);
    if (rights.insert) allowed.insert = (row) => insert(rights, row);
    if (rights.update) allowed.update = (row, changes) => update(rights, row, changes);
    if (rights.increment) allowed.increment = (key, amounts) => increment(rights, key, amounts);
    if (rights.delete) allowed.delete = (row) => remove(rights, row);
    return allowed;
  };
  const writes: Record<string, TableWrites> = {};
  for (const table of Object.keys(definition.writes)) writes[table] = tableWrites(definition.writes[table] as WriteRights);

  return {
    writes,
    transition({ row, field, from, to }) {
      const origin = origins.get(row);
      if (origin === undefined) throw new Error(`${definition.name}: a transition's row was not loaded.`);
      const entry = entries.get(entryKey(origin.repository, origin.identity));
      const change = changeOf(entry, origin, row);
      put(
        {
          ...change,
          values: { ...change.values, ...renewedColumns(origin.repository, {}), [field]: to },
          guards: { ...change.guards, [field]: from },
        },
        0,
      );
    },
    flush,
    close() {
      closed = true;
      return pending().map(({ change }) => withVersion(change));
    },
  };
}

function isEmpty({ operation, values, increments }: RowChange): boolean {
  return operation === "update" && isBlank(values) && isBlank(increments);
}

function isBlank(fields: object): boolean {
  for (const _ in fields) return false;
  return true;
}

/** The next change of a row whose change has been written: it is locked by that, and is as it was written. */
function afterwards(change: RowChange, written: RowChange = change): RowChange {
  const { repository, operation, before } = change;
  const known = before !== undefined || operation === "insert" ? { before: { ...before, ...change.values } } : {};
  const version = repository.version === undefined ? undefined : written.values[repository.version];
  return { ...change, ...known, operation: "update", values: {}, increments: {}, guards: {}, locked: true, version };
}

/** The change of a loaded row so far; one that only knew the row's key now knows the row. */
function changeOf(entry: Entry | undefined, { repository, identity, key, locked, version }: RowOrigin, before: Fields): RowChange {
  if (entry === undefined)
    return { repository, identity, key, operation: "update", before, values: {}, increments: {}, guards: {}, locked, version };
  const { change } = entry;
  return change.operation === "update" && change.before === undefined ? { ...change, before, locked, version } : change;
}

/** Drizzle's `$onUpdate` columns that the handler did not set itself. */
function renewedColumns(repository: AnyRepository, changes: Fields): Fields {
  const values: Record<string, unknown> = {};
  for (const { key, column } of tableInfo(repository).renewed) if (!(key in changes)) values[key] = column.onUpdateFn?.();
  return values;
}

function requireChangeable({ into: repository, update }: WriteRights, column: string, value: unknown): void {
  const { computed } = columnOf(repository, column);
  const given = column === repository.tenant || column === repository.version || column in (repository.initial ?? {});
  const fixed = computed || given || repository.key.includes(column);
  if (fixed) throw new Error(`${repository.name}: "${column}" cannot be changed by a handler.`);
  if (update !== true && update?.includes(column) !== true)
    throw new Error(`${repository.name}: the spec does not let "${column}" be updated.`);
  if (value === undefined) throw new TypeError(`${repository.name}: the new value of "${column}" is undefined; leave it out, or say null.`);
}

function requireNotIncremented({ change: { repository, increments }, added = [] }: Entry, changes: Fields): void {
  const both = Object.keys(changes).find((column) => column in increments || added.includes(column));
  if (both !== undefined) throw new Error(`${repository.name}: "${both}" of one row is both incremented and updated.`);
}

function withIncrements(change: RowChange, amounts: Readonly<Record<string, Amount>>): RowChange {
  const { repository, operation, values, increments } = change;
  if (operation === "insert") {
    const sums = Object.entries(amounts).map(([column, amount]): [string, Amount] => {
      const what = `${repository.name}: "${column}" of a new row has no value to add to`;
      const value = values[column];
      requireAmount(what, value);
      return [column, addAmounts(value, amount)];
    });
    return { ...change, values: { ...values, ...Object.fromEntries(sums) } };
  }
  const updated = Object.keys(amounts).find((column) => column in values);
  if (updated !== undefined) throw new Error(`${repository.name}: "${updated}" of one row is both incremented and updated.`);
  const sums = Object.entries(amounts).map(([column, amount]): [string, Amount] => [
    column,
    addAmounts(increments[column] ?? zeroOf(amount), amount),
  ]);
  return { ...change, increments: { ...increments, ...Object.fromEntries(sums) } };
}

function zeroOf(amount: Amount): Amount {
  return typeof amount === "string" ? "0" : typeof amount === "bigint" ? 0n : 0;
}
