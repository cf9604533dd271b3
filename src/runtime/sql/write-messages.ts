import { storableJson, storableText } from "../codec/storable-text.js";
import { slotOf } from "../hash.js";
import type { OutgoingMessage } from "../messages/message.js";
import type { SqlText } from "../ports.js";
import { outboxSlots } from "../tables.js";
import { quoteLiteral } from "./identifier.js";
import type { OwnNames } from "./own-names.js";
import { orderedRows, rowSourceSql, type SourceColumn } from "./row-source.js";
import type { NextParameter, WritePart } from "./write-part.js";

/** What all messages of one call share. */
export interface MessageContext {
  readonly aggregateType: string | undefined;
  readonly headers: object;
  readonly tenantId: string;
}

const messageColumns: readonly SourceColumn[] = [
  ["id", "uuid"],
  ["kind", "text"],
  ["aggregatetype", "text"],
  ["aggregateid", "text"],
  ["slot", "smallint"],
  ["type", "text"],
  ["version", "integer"],
  ["payload", "jsonb"],
  ["dedupe_key", "text"],
  ["max_attempts", "integer"],
  ["at", "timestamp with time zone"],
  ["delay", "double precision"],
].map(([alias = "", castType = ""]) => ({ alias, castType }));

/** Messages in their order, which is the order of their delivery. */
export function writeMessages(messages: readonly OutgoingMessage[], context: MessageContext, names: OwnNames): readonly WritePart[] {
  if (messages.length === 0) return [];
  const plain = messages.filter(({ dedupeKey }) => dedupeKey === undefined);
  // By dedupe key, so that two calls that insert the same ones cannot wait for each other.
  const deduped = messages.filter(({ dedupeKey }) => dedupeKey !== undefined).toSorted((a, b) => compare(a.dedupeKey, b.dedupeKey));
  return [
    ...(plain.length > 0 ? [insertMessages("w_messages", plain, context, names, false)] : []),
    ...(deduped.length > 0 ? [insertMessages("w_deduped", deduped, context, names, true)] : []),
  ];
}

function insertMessages(
  name: string,
  messages: readonly OutgoingMessage[],
  context: MessageContext,
  names: OwnNames,
  dedupe: boolean,
): WritePart {
  const exact = messages.length <= literalMessages;
  const { shape, values, sql } = exact ? valuesOf(messages, context) : selectOf(messages, context);
  const conflict = dedupe ? " on conflict (type, tenant_id, dedupe_key) where dedupe_key is not null do nothing" : "";
  return {
    shape: `${name} ${shape}`,
    values: exact ? values : [...values, String(messages.length)],
    sql(parameter) {
      const insert = `insert into ${names.outbox} (${columnsOfMessages}) ${sql(parameter)}${conflict} returning 1`;
      return {
        ctes: [`${name} as (${insert})`],
        check: `(select count(*) from ${name}) ${dedupe ? "<=" : "="} ${exact ? messages.length : `${parameter()}::bigint`}`,
        message: "'a message was not inserted'",
      };
    },
  };
}

const columnsOfMessages =
  "id, kind, aggregatetype, aggregateid, slot, type, version, payload, dedupe_key, max_attempts, not_before, headers, tenant_id";

/** Up to so many, the number and the types of a call's messages are a part of the statement. */
const literalMessages = 8;

/** What is to be inserted, as `values` or as `select`. */
interface MessageSource extends Omit<WritePart, "sql"> {
  sql(parameter: NextParameter): string;
}

function valuesOf(messages: readonly OutgoingMessage[], { aggregateType, headers, tenantId }: MessageContext): MessageSource {
  let shape = "";
  const values: SqlText[] = [storableJson(headers), tenantId];
  for (const { id, kind, key, type, version, payload, dedupeKey, maxAttempts, at, delaySeconds } of messages) {
    shape += `${kind} ${type} ${version} ${maxAttempts} ${at === undefined ? delaySeconds : "at"},`;
    values.push(id, storableText(key), String(slotOf(key, outboxSlots)), storableJson(payload));
    if (dedupeKey !== undefined) values.push(storableText(dedupeKey));
    if (at !== undefined) values.push(at.toISOString());
  }
  return {
    shape,
    values,
    sql(parameter) {
      const shared = `${parameter()}, ${parameter()}`;
      const rows = messages.map((message) => {
        const { kind, type, version, dedupeKey, maxAttempts } = message;
        const fixed = [quoteLiteral(kind), quoteLiteral(aggregateType ?? type)];
        const row = [parameter(), ...fixed, parameter(), parameter(), quoteLiteral(type), literalNumber(version), parameter()];
        row.push(dedupeKey === undefined ? "null" : parameter(), literalNumber(maxAttempts), notBefore(message, parameter), shared);
        return `(${row.join(", ")})`;
      });
      return `values ${rows.join(", ")}`;
    },
  };
}

/** A delay counts by the database's clock, as the relay does. */
function notBefore({ at, delaySeconds }: OutgoingMessage, parameter: NextParameter): string {
  if (at !== undefined) return `${parameter()}::timestamptz`;
  return delaySeconds === undefined ? "null" : `clock_timestamp() + make_interval(secs => ${literalNumber(delaySeconds)})`;
}

function literalNumber(value: number | undefined): string {
  if (value === undefined) return "null";
  if (!Number.isFinite(value)) throw new TypeError("a number is not finite");
  return String(value);
}

function selectOf(messages: readonly OutgoingMessage[], { aggregateType, headers, tenantId }: MessageContext): MessageSource {
  const cells = messages.flatMap((message): readonly SqlText[] => [
    message.id,
    message.kind,
    aggregateType ?? message.type,
    storableText(message.key),
    String(slotOf(message.key, outboxSlots)),
    message.type,
    String(message.version),
    storableJson(message.payload),
    message.dedupeKey === undefined ? null : storableText(message.dedupeKey),
    message.maxAttempts === undefined ? null : String(message.maxAttempts),
    message.at === undefined ? null : message.at.toISOString(),
    message.delaySeconds === undefined ? null : String(message.delaySeconds),
  ]);
  const { size, values } = orderedRows(messageColumns, cells);
  return {
    shape: `from ${size}`,
    values: [storableJson(headers), tenantId, ...values],
    sql(parameter) {
      const shared = `${parameter()}::jsonb, ${parameter()}::text`;
      const source = rowSourceSql(messageColumns, size, parameter);
      const notBefore = "coalesce(v.at, clock_timestamp() + make_interval(secs => v.delay))";
      const selected = `v.id, v.kind, v.aggregatetype, v.aggregateid, v.slot, v.type, v.version, v.payload, v.dedupe_key, v.max_attempts, ${notBefore}, ${shared}`;
      return `select ${selected} from (${source}) v`;
    },
  };
}

function compare(a: string | undefined, b: string | undefined): number {
  return (a ?? "") < (b ?? "") ? -1 : (a ?? "") > (b ?? "") ? 1 : 0;
}
