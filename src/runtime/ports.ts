import type { Actor } from "./context.js";

// What the runtime needs from outside, as small structural interfaces.

// -------------------------------------------------------------------------------------------------------- database

/**
 * One SQL statement. With a `name` it is prepared once per connection and takes parameters; without one it is sent by
 * the simple protocol, has no parameters, and may hold several commands.
 */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  /** Asks for `columns` in the answer; for statements that somebody else has written. */
  readonly describe?: true;
}

export interface ResultColumn {
  readonly name: string;
  /** The type's oid in `pg_type`. */
  readonly type: number;
}

/** A parameter or a column as Postgres' own text, or null. */
export type SqlText = string | null;

/** A statement and its parameters, all of them already text. */
export type BurstItem = readonly [statement: Statement, parameters?: readonly SqlText[]];

export interface StatementResult {
  /** Columns by position, as text. Of several commands in one statement: the last one's. */
  readonly rows: readonly (readonly SqlText[])[];
  /** Where the statement asked for them. */
  readonly columns?: readonly ResultColumn[];
  /** The command tag's first word: `BEGIN`, `SELECT`, `COMMIT`; `ROLLBACK` is what a COMMIT answers after a failure. */
  readonly command: string;
}

/** One connection, for as long as the work given to `Driver.session` lasts. */
export interface Session {
  /**
   * Sends all statements before it waits for the first answer, where the driver can (one round trip); else one by one.
   * Rejects with the first failure, as a `DatabaseError`, after every answer has arrived; later statements of the
   * burst then count as not executed, except that a COMMIT after a failure has rolled back.
   *
   * When the signal aborts meanwhile, the server is asked to cancel (57014), where the driver can, and the connection is
   * thrown away afterwards. It may be too late, and then the burst resolves. A server that does not answer within a
   * second counts as lost.
   */
  burst(items: readonly BurstItem[], signal?: AbortSignal): Promise<readonly StatementResult[]>;
}

/**
 * A way to reach Postgres. Made by `nodePostgres(pool)`, `postgresJs(sql)`, `pglite(client)`; another one must pass
 * the suite of `usecasecore/drivers/conformance`.
 */
export interface Driver {
  readonly name: string;
  /**
   * Lends a connection. Afterwards it is given back without an open transaction, or thrown away if that is in doubt.
   * A lost connection rejects with a `DatabaseError` whose `connectionLost` is true; it never ends the process.
   */
  session<Value>(work: (session: Session) => Promise<Value>): Promise<Value>;
  /** Closes what the driver itself opened; the caller's own pool or client is the caller's to close. */
  close(): Promise<void>;
}

// ---------------------------------------------------------------------------------------------------------- others

export interface Logger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

export interface AuthorizationRequest {
  readonly permission: string;
  readonly actor: Actor;
  readonly useCase: string;
  /** What the policy names as `resource`: a loaded row, or any value. */
  readonly resource?: unknown;
}

/** Answers `permission` policies. */
export interface Authorizer {
  authorize(request: AuthorizationRequest): boolean | Promise<boolean>;
}
