import type { DatabaseError } from "../runtime/database-error.js";
import type { BurstItem, Session, StatementResult } from "../runtime/ports.js";
import { checkBurst } from "./check-burst.js";
import { isReusable } from "./to-database-error.js";

export type Answer = { readonly result: StatementResult } | { readonly failure: DatabaseError };

/** What the three drivers bring; the rest of a session's life is the same. */
export interface Connection {
  /** Sends all of it, whatever fails; one answer per statement, in their order. Rejects if the connection is no more. */
  send(items: readonly BurstItem[]): Promise<readonly Answer[]>;
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
  let underWay: Promise<unknown> = Promise.resolve();

  const burst = async (items: readonly BurstItem[]): Promise<readonly StatementResult[]> => {
    if (over) throw new Error("This session has ended.");
    checkBurst(items, texts);
    const answers = await connection.send(items).catch((failure: unknown) => {
      reusable = false;
      throw failure;
    });
    const failures = answers.filter((answer) => "failure" in answer).map(({ failure }) => failure);
    reusable &&= failures.every(isReusable);
    if (failures[0] !== undefined) throw failures[0];
    return answers.filter((answer) => "result" in answer).map(({ result }) => result);
  };
  const session: Session = {
    burst(items) {
      const answers = burst(items);
      underWay = Promise.allSettled([underWay, answers]);
      return answers;
    },
  };

  try {
    return await work(session);
  } finally {
    // Bursts that nobody waited for must not answer whoever gets the connection next.
    await underWay;
    if (reusable && connection.inTransaction()) await burst([[{ text: "rollback" }]]).catch(() => {});
    over = true;
    await giveBack(reusable && !connection.inTransaction());
  }
}
