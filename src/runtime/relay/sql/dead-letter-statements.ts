import type { BurstItem, SqlText, Statement } from "../../ports.js";
import type { OwnNames } from "../../sql/own-names.js";
import { parameters } from "../../sql/parameters.js";
import { namedStatement } from "../../sql/statement.js";
import type { DeadLetter } from "../dead-letter.js";
import type { RelayMessage } from "../message.js";

/** What dead letters are searched by; what is left out does not matter. */
export interface DeadLetterFilter {
  readonly kind?: RelayMessage["kind"] | undefined;
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  /** Null: messages of actors without tenant. */
  readonly tenantId?: string | null | undefined;
}

/** A message that halts its key has stayed in the outbox, and is never due. */
const halts = "o.not_before = 'infinity'";

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export function listDeadLetters(
  { outbox, outboxDead }: OwnNames,
  { kind, type, key, tenantId }: DeadLetterFilter,
  after: string | undefined,
  limit: number,
): BurstItem {
  const list = parameters();
  const equal = (column: string, value: string | undefined) => (value === undefined ? [] : [`d.${column} = ${list.add(value)}`]);
  const conditions = [
    ...equal("kind", kind),
    ...equal("type", type),
    ...equal("aggregateid", key),
    ...equal("tenant_id", tenantId === null ? "" : tenantId),
    ...(after === undefined ? [] : [`d.seq > ${list.add(after)}::bigint`]),
  ];
  const where = conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
  const text =
    `select d.seq, d.id, d.kind, d.type, d.version, d.aggregateid, d.tenant_id, d.payload, d.headers, d.attempts, ${time("d.created_at")}, ` +
    `d.error, ${time("d.failed_at")}, exists (select 1 from ${outbox} o where o.seq = d.seq and ${halts}) ` +
    `from ${outboxDead} d${where} order by d.seq limit ${list.add(String(limit))}::integer`;
  return [namedStatement(text), list.texts];
}

export function readDeadLetter(row: readonly SqlText[]): DeadLetter {
  const text = (column: number) => row[column] ?? "";
  return {
    message: {
      id: text(1),
      kind: text(2) as RelayMessage["kind"],
      type: text(3),
      version: Number(text(4)),
      key: text(5),
      tenantId: text(6) === "" ? null : text(6),
      payload: JSON.parse(text(7)),
      headers: JSON.parse(text(8)),
      attempt: Number(text(9)),
      createdAt: new Date(text(10)),
    },
    error: text(11),
    failedAt: new Date(text(12)),
    haltsItsKey: text(13) === "t",
  };
}

const columns =
  "seq, id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id, dedupe_key, created_at, max_attempts";

/** `$1` has the ids of messages. */
export function deadLetterStatements({ outbox, outboxDead }: OwnNames): { readonly retry: Statement; readonly discard: Statement } {
  const chosen = `chosen as materialized (select * from ${outboxDead} where id = any($1::uuid[]) order by seq for update)`;
  return {
    /**
     * One that was skipped comes back with the number that it had, so that it is the first of its key again. One that
     * somebody has let go by hand, and that may be on its way now, is left alone.
     */
    retry: namedStatement(
      `with ${chosen}, waiting as (select o.seq from ${outbox} o join chosen c on c.seq = o.seq), ` +
        `released as (update ${outbox} o set attempts = 0, not_before = null from chosen c where o.seq = c.seq and ${halts}), ` +
        `restored as (insert into ${outbox} (${columns}) overriding system value ` +
        `select ${columns} from chosen where seq not in (select seq from waiting) order by seq on conflict do nothing returning seq) ` +
        `delete from ${outboxDead} d using chosen c where d.seq = c.seq and (c.seq in (select seq from waiting) or c.seq in (select seq from restored)) returning d.id`,
    ),
    discard: namedStatement(
      `with ${chosen}, gone as (delete from ${outbox} o using chosen c where o.seq = c.seq and ${halts}) ` +
        `delete from ${outboxDead} d using chosen c where d.seq = c.seq returning d.id`,
    ),
  };
}
