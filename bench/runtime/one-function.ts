// All of the action in one PL/pgSQL function: one round trip, no decision outside the database. The limit.
import { createHash, randomUUID } from "node:crypto";
import pg from "pg";
import type { Contender } from "./contender.js";

const functionSql = `create or replace function bench_move_inventory(c jsonb) returns jsonb language plpgsql as $$
declare
  tenant text := c ->> 'tenantId'; command jsonb := c -> 'command'; amount integer := (command ->> 'quantity')::integer;
  source inventory_balances; destination inventory_balances; balance inventory_balances; stored usecase_idempotency; result jsonb;
begin
  perform set_config('lock_timeout', '2000', true), set_config('statement_timeout', '5000', true);
  if not pg_try_advisory_xact_lock((c ->> 'lock')::bigint) then raise exception 'IdempotencyInFlight'; end if;
  select * into stored from usecase_idempotency r
    where r.tenant_id = tenant and r.scope = '' and r.use_case = 'MoveInventory' and r.key = c ->> 'key' and r.expires_at > now();
  if found then
    if stored.fingerprint <> c ->> 'fingerprint' then raise exception 'IdempotencyMismatch'; end if;
    return stored.outcome;
  end if;
  for balance in select * from inventory_balances where tenant_id = tenant and sku = command ->> 'sku'
    and location_id in ((command ->> 'fromLocationId')::uuid, (command ->> 'toLocationId')::uuid) order by id for no key update
  loop
    if balance.location_id = (command ->> 'fromLocationId')::uuid then source := balance; else destination := balance; end if;
  end loop;
  if source.id is null or destination.id is null then raise exception 'BalanceNotFound'; end if;
  if source.quantity - source.reserved < amount then raise exception 'InsufficientStock'; end if;
  update inventory_balances set quantity = source.quantity - amount where id = source.id;
  update inventory_balances set quantity = destination.quantity + amount where id = destination.id;
  insert into inventory_movements (id, tenant_id, sku, from_location_id, to_location_id, quantity)
    values ((c ->> 'movementId')::uuid, tenant, command ->> 'sku', (command ->> 'fromLocationId')::uuid, (command ->> 'toLocationId')::uuid, amount);
  result := jsonb_build_object('movementId', c ->> 'movementId', 'sourceQuantity', source.quantity - amount, 'destinationQuantity', destination.quantity + amount);
  insert into usecase_audit (id, use_case, action, outcome, tenant_id, actor, subject_type, subject_id, reason, command, changes, idempotency_key)
    values ((c ->> 'auditId')::uuid, 'MoveInventory', 'inventory.moved', 'committed', tenant, c -> 'actor', 'InventoryBalance', source.id, c ->> 'reason', command,
      jsonb_build_array(
        jsonb_build_object('table', 'inventoryBalances', 'operation', 'update', 'key', jsonb_build_object('id', source.id),
          'before', jsonb_build_object('quantity', source.quantity), 'after', jsonb_build_object('quantity', source.quantity - amount)),
        jsonb_build_object('table', 'inventoryBalances', 'operation', 'update', 'key', jsonb_build_object('id', destination.id),
          'before', jsonb_build_object('quantity', destination.quantity), 'after', jsonb_build_object('quantity', destination.quantity + amount)),
        jsonb_build_object('table', 'inventoryMovements', 'operation', 'insert', 'key', jsonb_build_object('id', c ->> 'movementId'), 'after', command)),
      c ->> 'key');
  insert into usecase_outbox (id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id)
    values ((c ->> 'eventId')::uuid, 'event', 'InventoryBalance', source.id, abs(hashtext(source.id::text)) % 64, 'InventoryMoved', 1,
      jsonb_build_object('movementId', c ->> 'movementId', 'sku', command ->> 'sku', 'quantity', amount),
      jsonb_build_object('tenant', tenant, 'actor', c -> 'actor' ->> 'id'), tenant);
  insert into usecase_idempotency (tenant_id, scope, use_case, key, fingerprint, outcome, audit_id, expires_at)
    values (tenant, '', 'MoveInventory', c ->> 'key', c ->> 'fingerprint', result, (c ->> 'auditId')::uuid, now() + interval '1 day');
  return result;
end $$`;

export const oneFunction = {
  function: {
    name: "one PL/pgSQL function, pg",
    async open(connectionString, max) {
      const pool = new pg.Pool({ connectionString, max });
      await pool.query(functionSql);
      return {
        async run({ command, context: { actor, idempotencyKey: key, reason } }) {
          const { tenantId } = actor;
          const fingerprint = createHash("sha256").update(JSON.stringify(command)).digest("hex");
          const lock = createHash("sha256").update(`${tenantId} ${key}`).digest().readBigInt64BE(0).toString();
          const ids = { movementId: randomUUID(), auditId: randomUUID(), eventId: randomUUID() };
          const call = JSON.stringify({ tenantId, command, actor, key, reason, fingerprint, lock, ...ids });
          const { rows } = await pool.query({ name: "move", text: "select bench_move_inventory($1) as result", values: [call] });
          return rows[0]?.result;
        },
        close: () => pool.end(),
      };
    },
  },
} satisfies Record<string, Contender>;
