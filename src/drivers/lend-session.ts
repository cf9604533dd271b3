import { DatabaseError } from "../runtime/database-error.js";
import type { BurstItem, Session, StatementResult } from "../runtime/ports.js";
import { checkBurst } from "./check-burst.js";
import { isReusable } from "./to-database-error.js";

export type Answer = { readonly result: StatementResult } | { readonly failure: DatabaseError };

/** What the three drivers bring; the rest of a session's life is the same. */
export interface Connection {
  /** Sends all of it, whatever fails; one answer per statement, in their order. Rejects if the connection is no more. */
  send(items: readonly BurstItem[]): Promise<readonly Answer[]>;
  /** Asks the server to cancel the statement that it is at. */
  cancel?(): Promise<void>;
  /** Also true where it is not known. */
  inTransaction(): boolean;
}

export interface Loan {
  /** Which text each statement's name stands for, on every connection of the driver. */
  readonly texts: Map<string, string>;
  /** Takes the connection back, without an open transaction; not reusable: to be closed. */
  giveBack(reusable: boolean): void | Promise<void>;
}

/** Runs `work` on a connection, ends what it leaves open, and gives the connection back. */
export async function lendSession<Value>(
  connection: Connection,
  { texts, giveBack }: Loan,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  let over = false;
  let reusable = true;
  let lost: { readonly failure: unknown } | undefined;
  let underWay = 0;
  let onIdle = () => {};

  const burst = async (items: readonly BurstItem[], signal?: AbortSignal): Promise<readonly StatementResult[]> => {
    if (over) throw new Error("This session has ended.");
    if (lost !== undefined) throw lost.failure;
    checkBurst(items, texts);
    const sent = connection.send(items);
    const answers = await (signal === undefined ? sent : cancellable(connection, sent, signal)).catch((failure: unknown) => {
      reusable = false;
      lost = { failure };
      throw failure;
    });
    const results: StatementResult[] = [];
    let failed: DatabaseError | undefined;
    for (const answer of answers) {
      if ("result" in answer) results.push(answer.result);
      else {
        failed ??= answer.failure;
        reusable &&= isReusable(answer.failure);
      }
    }
    // What a cancellation that came too late would hit is nobody else's statement.
    if (signal?.aborted === true) reusable = false;
    if (failed !== undefined) throw failed;
    return results;
  };
  const settled = () => {
    if (--underWay === 0) onIdle();
  };
  const session: Session = {
    burst(items, signal) {
      const answers = burst(items, signal);
      underWay++;
      answers.then(settled, settled);
      return answers;
    },
  };

  try {
    return await work(session);
  } finally {
    // Bursts that nobody waited for must not answer whoever gets the connection next.
    if (underWay > 0)
      await new Promise<void>((resolve) => {
        onIdle = resolve;
      });
    if (reusable && connection.inTransaction()) await rolledBack(burst([[{ text: "rollback" }]]));
    over = true;
    await giveBack(reusable && !connection.inTransaction());
  }
}

/** In milliseconds: how long a server may take to answer that it has cancelled, or rolled back. */
const patience = 1_000;

/** Whoever had the session waits no longer for a server that has gone silent; its connection, still in a transaction, is closed. */
async function rolledBack(rollback: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  await Promise.race([rollback.catch(() => {}), givenUp]);
  clearTimeout(timer);
}

/** What was sent, with a cancellation when the signal aborts; a server that answers nothing any more is given up then. */
async function cancellable<Value>(connection: Connection, sent: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    onAbort = () => {
      if (connection.cancel === undefined) return;
      connection.cancel().catch(() => {});
      const gone = new DatabaseError("The server does not answer a cancellation.", { connectionLost: true, cause: signal.reason });
      timer = setTimeout(() => reject(gone), patience);
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([sent, givenUp]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  }
}
