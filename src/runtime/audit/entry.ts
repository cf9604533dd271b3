/** One row of the audit, as readers get it. Secret fields were replaced before it was stored. */
export interface AuditEntry {
  readonly id: string;
  /** When the row was written, a moment before its transaction committed; in milliseconds, the database has microseconds. */
  readonly at: Date;
  readonly useCase: string;
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly tenantId: string | null;
  readonly actor: AuditActor;
  readonly subject: { readonly type: string; readonly id: string } | null;
  readonly reason: string | null;
  readonly command: unknown;
  /** Null for a refusal; in the order in which the handler queued them. */
  readonly changes: readonly AuditChange[] | null;
  /** Null unless refused. */
  readonly error: { readonly code: string; readonly details?: unknown } | null;
  readonly idempotencyKey: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly requestId: string | null;
}

export type AuditOutcome = "committed" | "refused";

/** Who acted; claims are not kept. */
export interface AuditActor {
  readonly type: string;
  readonly id: string;
  readonly tenantId?: string;
  readonly roles?: readonly string[];
  readonly onBehalfOf?: { readonly type: string; readonly id: string };
}

/** One changed row: `before` and `after` have the changed columns only, of an inserted or deleted row all that is known. */
export interface AuditChange {
  readonly table: string;
  readonly operation: "insert" | "update" | "upsert" | "delete";
  /** Empty for a delete by condition. */
  readonly key: Readonly<Record<string, unknown>>;
  /** Of a delete by condition: the condition with its values, and how many rows it has found. */
  readonly where?: Readonly<Record<string, unknown>>;
  readonly count?: number;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  /** Of an upsert: the other columns, which have these values if there was no such row before. */
  readonly ifNew?: Readonly<Record<string, unknown>>;
  /** What was added to columns whose value before is not known. */
  readonly increments?: Readonly<Record<string, unknown>>;
}
