/** A failure that the database or the connection to it reported; drivers make it, nothing else does. */
export class DatabaseError extends Error {
  /** Postgres' five-character code, or undefined where none came (a cut socket). */
  readonly sqlState: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  /** The connection is gone: whatever was under way may or may not have taken effect. */
  readonly connectionLost: boolean;

  constructor(
    message: string,
    facts: {
      readonly sqlState?: string | undefined;
      readonly constraint?: string | undefined;
      readonly table?: string | undefined;
      readonly connectionLost: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: facts.cause });
    this.name = "DatabaseError";
    this.sqlState = facts.sqlState;
    this.constraint = facts.constraint;
    this.table = facts.table;
    this.connectionLost = facts.connectionLost;
  }
}
