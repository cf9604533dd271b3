// SQL that somebody has written and tuned for this one action, in two bursts, with nothing that would serve another one.
import { createHash, randomUUID } from "node:crypto";
import pg from "pg";
import postgres from "postgres";
import type { Contender } from "./contender.js";
import type { MoveCall } from "./workload.js";

type Statement = readonly [text: string, parameters?: readonly (string | null)[]];
type Row = readonly (string | null)[];
/** Sends all, then waits: the rows of each, as texts. */
type Burst = (statements: readonly Statement[]) => Promise<readonly (readonly Row[])[]>;

const begin = "begin; set local lock_timeout = 2000; set local statement_timeout = 5000";
const claim =
  "with l as materialized (select pg_try_advisory_xact_lock($1::bigint) as got) select l.got::text, r.fingerprint, r.outcome::text " +
  "from l left join usecase_idempotency r on r.tenant_id = $2 and r.scope = '' and r.use_case = 'MoveInventory' and r.key = $3";
const load =
  "select id::text, location_id::text, quantity::text from inventory_balances " +
  "where tenant_id = $1 and sku = $2 and location_id = any($3::uuid[]) order by id for no key update";
const write =
  "with u as (update inventory_balances t set quantity = v.q from (values ($1::uuid, $2::integer), ($3, $4)) v(id, q) where t.id = v.id), " +
  "m as (insert into inventory_movements (id, tenant_id, sku, from_location_id, to_location_id, quantity) values ($5, $6, $7, $8, $9, $10)), " +
  "a as (insert into usecase_audit (id, use_case, action, outcome, tenant_id, actor, subject_type, subject_id, reason, command, changes, idempotency_key) " +
  "values ($11, 'MoveInventory', 'inventory.moved', 'committed', $6, $12, 'InventoryBalance', $13, $14, $15, $16, $17)), " +
  "o as (insert into usecase_outbox (id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id) " +
  "values ($18, 'event', 'InventoryBalance', $13, $19, 'InventoryMoved', 1, $20, $21, $6)) " +
  "insert into usecase_idempotency (tenant_id, scope, use_case, key, fingerprint, outcome, audit_id, expires_at) " +
  "values ($6, '', 'MoveInventory', $17, $22, $23, $11, now() + interval '1 day')";

async function move(burst: Burst, { command, context }: MoveCall): Promise<unknown> {
  const { actor, idempotencyKey: key, reason } = context;
  const { tenantId } = actor;
  const commandText = JSON.stringify(command);
  const fingerprint = createHash("sha256").update(commandText).digest("hex");
  const lock = createHash("sha256").update(`${tenantId} ${key}`).digest().readBigInt64BE(0).toString();
  const { sku, fromLocationId, toLocationId, quantity } = command;
  const [, claimed, rows] = await burst([
    [begin],
    [claim, [lock, tenantId, key]],
    [load, [tenantId, sku, `{${fromLocationId},${toLocationId}}`]],
  ]);
  const [got, known, outcome] = claimed?.[0] ?? [];
  if (got !== "true" || known != null) {
    await burst([["rollback"]]);
    if (got !== "true") throw new Error("IdempotencyInFlight");
    if (known !== fingerprint) throw new Error("IdempotencyMismatch");
    return JSON.parse(outcome ?? "null");
  }
  const [sourceId, , have] = rows?.find(([, location]) => location === fromLocationId) ?? [];
  const [destinationId, , there] = rows?.find(([, location]) => location === toLocationId) ?? [];
  if (sourceId == null || destinationId == null || Number(have) < quantity) {
    await burst([["rollback"]]);
    throw new Error("Refused");
  }
  const movementId = randomUUID();
  const result = { movementId, sourceQuantity: Number(have) - quantity, destinationQuantity: Number(there) + quantity };
  const changes = [
    { table: "inventoryBalances", operation: "update", key: { id: sourceId }, before: { quantity: Number(have) } },
    { table: "inventoryBalances", operation: "update", key: { id: destinationId }, before: { quantity: Number(there) } },
    { table: "inventoryMovements", operation: "insert", key: { id: movementId }, after: { ...command, tenantId } },
  ];
  await burst([
    [
      write,
      [
        ...[sourceId, String(result.sourceQuantity), destinationId, String(result.destinationQuantity)],
        ...[movementId, tenantId, sku, fromLocationId, toLocationId, String(quantity)],
        ...[randomUUID(), JSON.stringify(actor), sourceId, reason, commandText, JSON.stringify(changes), key],
        ...[randomUUID(), String((createHash("sha1").update(sourceId).digest()[0] ?? 0) % 64)],
        ...[JSON.stringify({ movementId, sku, quantity }), JSON.stringify({ tenant: tenantId, actor: actor.id })],
        ...[fingerprint, JSON.stringify(result)],
      ],
    ],
    ["commit"],
  ]);
  return result;
}

export const tunedByHand = {
  tunedPg: {
    name: "tuned SQL, pg pipeline",
    open(connectionString, max) {
      const pool = new pg.Pool({ connectionString, max, pipeline: true } as pg.PoolConfig);
      const names = new Map<string, string>();
      const nameOf = (text: string) => names.get(text) ?? names.set(text, `tuned${names.size}`).get(text);
      return {
        async run(call) {
          const client = await pool.connect();
          const { stream } = (client as unknown as { connection: { stream: import("node:net").Socket } }).connection;
          const send = ([text, values]: Statement) =>
            client.query(
              values === undefined ? { text, rowMode: "array" } : { name: nameOf(text), text, values: [...values], rowMode: "array" },
            );
          const burst: Burst = async (statements) => {
            stream.cork();
            const answers = Promise.all(statements.map(send));
            stream.uncork();
            return (await answers).map(({ rows = [] }) => rows as unknown as readonly Row[]);
          };
          try {
            return await move(burst, call);
          } finally {
            client.release();
          }
        },
        close: () => pool.end(),
      };
    },
  },
  tunedJs: {
    name: "tuned SQL, postgres.js",
    open(url, max) {
      // Parameters are texts already: without this, JSON would be written as a JSON string.
      const text = (oid: number) => ({ to: oid, from: [oid], serialize: (value: string) => value, parse: (value: string) => value });
      const types = { json: text(114), jsonb: text(3802) };
      const sql = postgres(url, { max, types, onnotice: () => {} });
      return {
        async run(call) {
          const reserved = await sql.reserve();
          const burst: Burst = async (statements) =>
            (await Promise.all(
              statements.map(([text, values]) =>
                values === undefined ? reserved.unsafe(text).values() : reserved.unsafe(text, [...values], { prepare: true }).values(),
              ),
            )) as unknown as readonly (readonly Row[])[];
          try {
            return await move(burst, call);
          } finally {
            reserved.release();
          }
        },
        close: () => sql.end(),
      };
    },
  },
} satisfies Record<string, Contender>;
