import { sql } from "drizzle-orm";
import {
  bigint,
  index,
  integer,
  jsonb,
  pgSchema,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

/** The number of slots that outbox rows are dealt into by the hash of their key; relays lease slots. */
export const outboxSlots = 64;

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

/**
 * The tables that the runtime keeps, as Drizzle tables; in the Postgres schema of that name, or where the search path
 * leads. Drizzle cannot describe functions and triggers: `guards.ts` has those.
 */
export function usecaseTables(schema?: string) {
  // The two functions differ in the type of the schema's name alone, which nothing here reads.
  const table = schema === undefined ? pgTable : (pgSchema(schema).table as unknown as typeof pgTable);

  /** One row per used key. `outcome` is null for a refusal: only its fingerprint is kept. */
  const idempotency = table(
    "usecase_idempotency",
    {
      /** Empty for an actor without tenant. */
      tenantId: text("tenant_id").notNull(),
      /** Empty for scope tenant; `type:id` of the actor for scope actor. */
      scope: text().notNull(),
      useCase: text("use_case").notNull(),
      key: text().notNull(),
      /** SHA-256 of the canonical JSON (RFC 8785) of the validated command, hexadecimal. */
      fingerprint: text().notNull(),
      outcome: jsonb(),
      /** A refusal that is remembered, as callers get it. */
      refusal: jsonb(),
      auditId: uuid("audit_id"),
      expiresAt: time("expires_at").notNull(),
      createdAt: time("created_at").notNull().default(sql`clock_timestamp()`),
    },
    (t) => [
      primaryKey({ name: "usecase_idempotency_pkey", columns: [t.tenantId, t.scope, t.useCase, t.key] }),
      index("usecase_idempotency_expires").on(t.expiresAt),
    ],
  );

  /** Append-only: one row per committed action, and one per refusal. */
  const audit = table(
    "usecase_audit",
    {
      id: uuid().primaryKey(),
      at: time("at").notNull().default(sql`clock_timestamp()`),
      useCase: text("use_case").notNull(),
      action: text().notNull(),
      /** `committed` or `refused`. */
      outcome: text().notNull(),
      tenantId: text("tenant_id"),
      actor: jsonb().notNull(),
      subjectType: text("subject_type"),
      subjectId: text("subject_id"),
      reason: text(),
      /** Without its secret fields. */
      command: jsonb(),
      /** `[{ table, operation, key, before?, after? }]`, in the order in which the handler queued them. */
      changes: jsonb(),
      /** Of a refusal: `{ code, details }`. */
      error: jsonb(),
      idempotencyKey: text("idempotency_key"),
      correlationId: text("correlation_id"),
      causationId: text("causation_id"),
      requestId: text("request_id"),
      /** The transaction that wrote the row: sealing looks only at what may have been committed since it last looked. */
      tx: bigint({ mode: "bigint" }).notNull().default(sql`pg_current_xact_id()::text::bigint`),
    },
    (t) => [
      index("usecase_audit_subject").on(t.subjectType, t.subjectId, t.at),
      index("usecase_audit_time").on(t.tenantId, t.at),
      index("usecase_audit_transaction").on(t.tx),
    ],
  );

  /** Append-only: each seals a batch of audit rows and the seal before it (`docs/audit.md`). Hashes are SHA-256, hexadecimal. */
  const auditSeal = table("usecase_audit_seal", {
    /** 1, 2, 3, … */
    number: bigint({ mode: "number" }).primaryKey(),
    at: time("at").notNull(),
    /** The sealed rows, in the order of their transactions, and the hash of each. */
    ids: uuid().array().notNull(),
    hashes: text().array().notNull(),
    /** Of the Merkle tree over `hashes`. */
    root: text().notNull(),
    /** The hash of the seal before; empty for the first. */
    previous: text().notNull(),
    hash: text().notNull(),
    /** Every row of an earlier transaction than this is in this seal or in one before it, but for those of `running`. */
    horizon: bigint({ mode: "bigint" }).notNull(),
    /** The transactions before `horizon` that had not ended; in ascending order. */
    running: bigint({ mode: "bigint" }).array().notNull(),
    /** The latest transaction in this seal. */
    highest: bigint({ mode: "bigint" }).notNull(),
  });

  const messageColumns = () => ({
    id: uuid().notNull(),
    /** `event`, `job` or `schedule`. */
    kind: text().notNull(),
    // `aggregatetype`, `aggregateid`, `type`, `payload`: the names that Debezium's outbox event router reads.
    aggregatetype: text().notNull(),
    /** The ordering key. */
    aggregateid: text().notNull(),
    slot: smallint().notNull(),
    type: text().notNull(),
    version: integer().notNull(),
    payload: jsonb().notNull(),
    headers: jsonb().notNull(),
    tenantId: text("tenant_id").notNull(),
    dedupeKey: text("dedupe_key"),
    createdAt: time("created_at").notNull().default(sql`clock_timestamp()`),
    /** Deliveries begun, the present one included. */
    attempts: integer().notNull().default(0),
    maxAttempts: integer("max_attempts"),
    notBefore: time("not_before"),
  });

  /** A row's presence is the delivery state: it is deleted when delivered. */
  const outbox = table(
    "usecase_outbox",
    {
      seq: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity({ cache: 1 }),
      ...messageColumns(),
    },
    (t) => [
      index("usecase_outbox_slot").on(t.slot, t.seq),
      // What relays leave out at each look, however long the backlog: messages for later, and failed ones with their keys.
      index("usecase_outbox_waiting").on(t.slot).where(sql`${t.notBefore} is not null`),
      uniqueIndex("usecase_outbox_dedupe").on(t.type, t.tenantId, t.dedupeKey).where(sql`${t.dedupeKey} is not null`),
    ],
  );

  /** Messages that were given up. */
  const outboxDead = table("usecase_outbox_dead", {
    seq: bigint({ mode: "number" }).primaryKey(),
    ...messageColumns(),
    error: text().notNull(),
    failedAt: time("failed_at").notNull().default(sql`clock_timestamp()`),
  });

  /** Which relay delivers which slot: deletes are fenced on the epoch. A row with a negative slot is a relay's own: it lives. */
  const relaySlot = table("usecase_relay_slot", {
    slot: smallint().primaryKey(),
    owner: text(),
    epoch: bigint({ mode: "number" }).notNull().default(0),
    until: time("until"),
  });

  /** Up to when each schedule has put its slots into the outbox. */
  const schedule = table("usecase_schedule", {
    /** The use case and its cron expression. */
    name: text().primaryKey(),
    slot: time("slot").notNull(),
  });

  return { idempotency, audit, auditSeal, outbox, outboxDead, relaySlot, schedule };
}

export type UseCaseTables = ReturnType<typeof usecaseTables>;
