import { DatabaseError } from "../runtime/database-error.js";

/** What pg, postgres.js and PGlite put on an error that the server sent. */
interface ServerError {
  readonly severity?: unknown;
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly constraint_name?: unknown;
  readonly table?: unknown;
  readonly table_name?: unknown;
}

/**
 * The server ends the connection after these: an administrator (57P01), a crash (57P02), starting up or shutting down
 * (57P03), a dropped database (57P04), idle too long (57P05, 25P03), a transaction too long (25P04); and class 08.
 */
const endsConnection = /^(57P0[1-5]|25P0[34]|08...)$/;

/** The server's own view of a connection's prepared statements differs from the client's (26000), or their results changed shape (0A000). */
const losesStatements = /^(26000|0A000)$/;

/** A driver's failure as the runtime's own error. One without an SQLSTATE came from the socket or the client: the connection counts as lost. */
export function toDatabaseError(cause: unknown): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const error = (typeof cause === "object" && cause !== null ? cause : {}) as ServerError;
  // EPIPE looks like an SQLSTATE; only the server sends a severity.
  const sqlState = typeof error.severity === "string" ? text(error.code) : undefined;
  return new DatabaseError(cause instanceof Error ? cause.message : String(cause), {
    sqlState,
    constraint: text(error.constraint) ?? text(error.constraint_name),
    table: text(error.table) ?? text(error.table_name),
    connectionLost: sqlState === undefined || endsConnection.test(sqlState) || error.severity === "FATAL" || error.severity === "PANIC",
    cause,
  });
}

/** Whether a connection that failed so may serve again. */
export function isReusable(failure: DatabaseError): boolean {
  return !failure.connectionLost && !losesStatements.test(failure.sqlState ?? "");
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
