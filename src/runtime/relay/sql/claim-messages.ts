import { arrayText } from "../../codec/array-text.js";
import type { BurstItem, SqlText, Statement } from "../../ports.js";
import { namedStatement } from "../../sql/statement.js";
import type { ClaimedMessage, RelayMessage } from "../message.js";
import type { RelayNames } from "./relay-names.js";

/** In a lane one message follows the other: the length keeps a tenant's end and a key's start apart. */
const lane = "o.kind || ' ' || length(o.tenant_id) || ' ' || o.tenant_id || ' ' || o.aggregateid";

/** Also for the statement that looks whether there is anything left: a failed message holds back its lane until it is due again. */
const heldLanes = ({ outbox }: Pick<RelayNames, "outbox">, where: string) =>
  `select ${lane} as lane from ${outbox} o where o.not_before > now() and o.attempts > 0${where}`;

const due = "(o.not_before is null or o.not_before <= now())";

/**
 * Takes messages from slots that this relay leases, oldest first, and counts an attempt for the first of each lane: a
 * message that ends the process is counted, too. Those behind it in the lane are counted when they fail, or when they
 * are first themselves; else whoever ends the process would use up their attempts.
 *
 * At most `perSlot` of each slot: without that, each claim would look at as many rows of every slot as it wants in all.
 * Whatever the planner knows about the rows, it is to read the index of slot and seq in its order and stop early: so the
 * number is a part of the text, and the slot a range (after an equation, the primary key would seem to do as well) that
 * begins with a pair (of two plain bounds it would expect so few rows that it would rather read and sort them all).
 */
export function claimMessages({ outbox, slots }: RelayNames, perSlot: number): Statement {
  return namedStatement(`with mine as materialized (
  select slot, epoch from ${slots} where owner = $1 and until > now() and slot = any($2::smallint[])
), held as materialized (
  ${heldLanes({ outbox }, " and o.slot = any($2::smallint[])")}
), ready as materialized (
  select r.seq, mine.slot, mine.epoch, r.lane from mine cross join lateral (
    select o.seq, ${lane} as lane from ${outbox} o
    where (o.slot, o.seq) >= (mine.slot, 0) and o.slot <= mine.slot and ${due} and ${lane} <> all($3::text[]) and ${lane} not in (select lane from held)
    order by o.slot, o.seq limit ${perSlot}
  ) r order by r.seq limit $4::integer
), counted as (
  update ${outbox} o set attempts = o.attempts + 1 from (select min(seq) as seq from ready group by lane) first where o.seq = first.seq
)
select o.seq, o.slot, r.epoch, r.lane, o.max_attempts, o.id, o.kind, o.type, o.version, o.aggregateid, o.tenant_id, o.payload, o.headers,
  o.attempts + 1, to_char(o.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
from ready r join ${outbox} o on o.seq = r.seq order by o.seq`);
}

export interface ClaimRequest {
  readonly owner: string;
  readonly slots: readonly number[];
  /** Lanes with messages in hand. */
  readonly busyLanes: readonly string[];
  readonly limit: number;
}

export function claimItem(statement: Statement, { owner, slots, busyLanes, limit }: ClaimRequest): BurstItem {
  return [statement, [owner, `{${slots.join(",")}}`, arrayText(busyLanes), String(limit)]];
}

/** Reads a row of the claim. */
export function readClaimed(row: readonly SqlText[]): ClaimedMessage {
  const text = (column: number) => row[column] ?? "";
  return {
    seq: text(0),
    slot: Number(text(1)),
    epoch: text(2),
    lane: text(3),
    maxAttempts: row[4] == null ? undefined : Number(row[4]),
    message: {
      id: text(5),
      kind: text(6) as RelayMessage["kind"],
      type: text(7),
      version: Number(text(8)),
      key: text(9),
      tenantId: text(10) === "" ? null : text(10),
      payload: JSON.parse(text(11)),
      headers: JSON.parse(text(12)),
      attempt: Number(text(13)),
      createdAt: new Date(text(14)),
    },
  };
}

/** Whether any relay could deliver something now. */
export function isAnythingDeliverable(names: RelayNames): Statement {
  return namedStatement(
    `with held as materialized (${heldLanes(names, "")}) select exists (select 1 from ${names.outbox} o where ${due} and ${lane} not in (select lane from held))`,
  );
}
