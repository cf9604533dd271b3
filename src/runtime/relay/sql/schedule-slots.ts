import { slotOf } from "../../hash.js";
import type { BurstItem } from "../../ports.js";
import { namedStatement } from "../../sql/statement.js";
import { outboxSlots } from "../../tables.js";
import type { SlotPayload } from "../triggers.js";
import type { RelayNames } from "./relay-names.js";

/** A slot for a use case, and for a tenant where it belongs to one. */
export interface DueSlot {
  readonly id: string;
  readonly useCase: string;
  readonly schedule: string;
  readonly tenantId: string;
  readonly slot: Date;
}

/** A schedule that nobody has seen before begins now: what it would have done earlier was not missed. */
export function startSchedules({ schedules }: RelayNames, names: readonly string[], now: Date): BurstItem {
  return [
    namedStatement(
      `insert into ${schedules} (name, slot) select name, $2::timestamptz from jsonb_array_elements_text($1::jsonb) name order by name on conflict (name) do nothing`,
    ),
    [JSON.stringify(names), now.toISOString()],
  ];
}

export function readSchedules({ schedules }: RelayNames): BurstItem {
  return [namedStatement(`select name, to_char(slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from ${schedules}`), []];
}

/** Puts the slots out, unless another relay has done so since the schedule was read. */
export function putOutSlots(
  { schedules, outbox }: RelayNames,
  { name, from, upTo }: { readonly name: string; readonly from: string; readonly upTo: Date },
  due: readonly DueSlot[],
): BurstItem {
  const rows = due.map(({ id, useCase, schedule, tenantId, slot }) => {
    const payload: SlotPayload = { schedule, slot: slot.toISOString() };
    // Each by itself: one that fails does not hold back the next.
    const key = `${name} ${payload.slot}`;
    return { id, type: useCase, key, tenant: tenantId, slot: slotOf(key, outboxSlots), payload };
  });
  return [
    namedStatement(
      `with mine as (update ${schedules} set slot = $3::timestamptz where name = $1 and slot = $2::timestamptz returning 1) ` +
        `insert into ${outbox} (id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id) ` +
        "select v.id, 'schedule', v.type, v.key, v.slot, v.type, 1, v.payload, '{}'::jsonb, v.tenant " +
        "from jsonb_to_recordset($4::jsonb) as v(id uuid, type text, key text, tenant text, slot smallint, payload jsonb) where exists (select 1 from mine)",
    ),
    [name, from, upTo.toISOString(), JSON.stringify(rows)],
  ];
}
