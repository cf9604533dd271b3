// What one call does, as data. The statements are the ones that are sent; only a write statement is an example.
import type { ErrorKind } from "../errors.js";

export interface Explanation {
  readonly useCase: string;
  /** The spec's file, relative to the project's root. */
  readonly spec: string;
  readonly kind: "action" | "query";
  /** The permissions that are asked before any row is touched. */
  readonly permissions: readonly string[];
  /** What is asked outside, before the transaction; each within its time, or with that error. */
  readonly prepare: readonly { readonly name: string; readonly timeoutMs: number; readonly error: string }[];
  readonly policies: readonly string[];
  /** The handler has Drizzle over the transaction: each of its queries is a round trip more. */
  readonly tx?: "read" | "write";
  readonly transitions: readonly {
    readonly load: string;
    readonly machine: string;
    readonly event: string;
    readonly moves: Readonly<Record<string, string>>;
  }[];
  /** Statements that are sent together: one round trip each. */
  readonly bursts: readonly { readonly statements: readonly ExplainedStatement[] }[];
  /** In the order in which they are taken; `table` is absent for an advisory lock. */
  readonly lockOrder: readonly { readonly loads: readonly string[]; readonly table?: string; readonly lock: string }[];
  readonly roundTrips: number;
  /** In the order in which they are found. */
  readonly refusals: readonly ExplainedRefusal[];
  /** How often the whole transaction is run again, and after which SQLSTATEs. */
  readonly retries: { readonly count: number; readonly after: readonly string[] };
}

export interface ExplainedStatement {
  /** One of the nine steps of a call. */
  readonly step: 2 | 3 | 4 | 7 | 8;
  readonly what: string;
  readonly sql: string;
  /** Present where the text depends on the call: on which conditional parts take place, or on what the handler decides. */
  readonly varies?: "when" | "decision";
}

export interface ExplainedRefusal {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly when: string;
}
