import type { ErasedScope, ErasedSequence } from "../internals.js";
import type { BurstItem, StatementResult } from "../ports.js";
import { quoteLiteral } from "../sql/identifier.js";
import { namedStatement } from "../sql/statement.js";
import { columnOf, tableInfo } from "../table-info.js";

/** The ids that one level takes from sequences. */
export interface SequenceStatement {
  readonly names: readonly string[];
  /** The statement that takes all of them. */
  readonly text: string;
  /** Undefined where none takes place. */
  bind(scope: ErasedScope): BoundSequences | undefined;
}

export interface BoundSequences {
  readonly item: BurstItem;
  /** The ids by name, as their columns have them. Throws an Error where a column has no sequence. */
  read(result: StatementResult | undefined): Readonly<Record<string, unknown>>;
}

/** What a sequence has given is gone, also if the call fails or is run again: ids are unique, not without gaps. */
export function sequenceStatement(sequences: readonly (readonly [string, ErasedSequence])[]): SequenceStatement | undefined {
  if (sequences.length === 0) return undefined;
  const statements = new Map<string, ReturnType<typeof namedStatement>>();
  return {
    names: sequences.map(([name]) => name),
    text: textOf(sequences),
    bind(scope) {
      const active = sequences.filter(([, { when }]) => when?.(scope) !== false);
      if (active.length === 0) return undefined;
      const mask = active.map(([name]) => name).join(" ");
      const statement = statements.get(mask) ?? namedStatement(textOf(active));
      statements.set(mask, statement);
      return { item: [statement], read: (result) => readIds(active, result) };
    },
  };
}

function textOf(sequences: readonly (readonly [string, ErasedSequence])[]): string {
  const ids = sequences.map(([, { from, column }]) => {
    const { sqlName } = columnOf(from, column);
    return `nextval(pg_get_serial_sequence(${quoteLiteral(tableInfo(from).name)}, ${quoteLiteral(sqlName)}))`;
  });
  return `select ${ids.join(", ")} where current_setting('usecase.go', true) = '1'`;
}

function readIds(sequences: readonly (readonly [string, ErasedSequence])[], result: StatementResult | undefined) {
  const [row = []] = result?.rows ?? [];
  return Object.fromEntries(
    sequences.map(([name, { from, column }], position) => {
      const id = columnOf(from, column).decode(row[position] ?? null);
      if (id === null) throw new Error(`${from.name}: "${column}" has no sequence of its own in the database.`);
      return [name, id];
    }),
  );
}
