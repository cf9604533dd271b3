// The escape hatch: Drizzle over the call's own transaction. It is given to the handler and to nobody else, and ends with it.
import { drizzle, type PgRemoteDatabase } from "drizzle-orm/pg-proxy";
import { driverText } from "./codec/column-codec.js";
import { driverValue } from "./codec/driver-values.js";
import type { Definition } from "./internals.js";
import type { BurstItem, StatementResult } from "./ports.js";
import { namedStatement } from "./sql/statement.js";
import type { WriteQueue } from "./writes/write-queue.js";

/** Drizzle over the transaction, for `tx: write`. The transaction is the runtime's: it cannot be nested or ended. */
export type WriteTransaction = Omit<PgRemoteDatabase, "transaction">;

/** The same for `tx: read`: a statement that would change or lock something fails. */
export type ReadTransaction = Pick<
  WriteTransaction,
  "select" | "selectDistinct" | "selectDistinctOn" | "$count" | "$with" | "with" | "execute"
>;

export interface HandlerDatabase {
  readonly tx: WriteTransaction;
  /** The handler has returned: what it has not awaited fails. */
  close(): void;
}

/** How statements reach the transaction. */
interface HandlerConnection {
  /** Writes what is queued. */
  flush(): Promise<void>;
  run(items: readonly BurstItem[]): Promise<readonly StatementResult[]>;
}

const readOnly: readonly BurstItem[] = [[{ text: "savepoint usecase_read" }], [{ text: "set transaction read only" }]];
/** A transaction cannot become writable again; one that a savepoint has begun can end. */
const writable: BurstItem = [{ text: "release savepoint usecase_read" }];

/** What `apply` opens for a use case with `tx`; undefined for others. */
export function databaseFor(
  { tx: mode, casing }: Definition,
  { run }: Pick<HandlerConnection, "run">,
  write: (queue: WriteQueue) => Promise<void>,
): ((queue: WriteQueue) => HandlerDatabase) | undefined {
  return mode && ((queue) => handlerDatabase(mode, casing, { run, flush: () => write(queue) }));
}

function handlerDatabase(mode: "read" | "write", casing: Definition["casing"], { flush, run }: HandlerConnection): HandlerDatabase {
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  const query = async (text: string, parameters: readonly unknown[], method: "all" | "execute") => {
    if (closed) throw new Error("`tx` ends with the handler. Await what you start.");
    await flush();
    const item: BurstItem = [{ ...namedStatement(text), describe: true }, parameters.map((value) => driverText(value ?? null))];
    const results = await run(mode === "read" ? [...readOnly, item, writable] : [item]);
    return { rows: rowsOf(results[mode === "read" ? readOnly.length : 0], method) };
  };

  const inTurn: typeof query = (text, parameters, method) => {
    // One after the other, also where the handler does not wait: the transaction has one connection.
    const answer = last.then(() => query(text, parameters, method));
    last = answer.catch(() => {});
    return answer;
  };
  const tx = drizzle(inTurn, casing === undefined ? {} : { casing });
  return {
    tx,
    close() {
      closed = true;
    },
  };
}

function rowsOf(result: StatementResult | undefined, method: "all" | "execute"): unknown[] {
  const { rows = [], columns = [] } = result ?? {};
  return rows.map((row) => {
    const values = columns.map((column, position) => driverValue(column, row[position] ?? null));
    return method === "all" ? values : Object.fromEntries(columns.map(({ name }, position) => [name, values[position]]));
  });
}
