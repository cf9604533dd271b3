import type { Statement } from "../ports.js";
import type { OwnNames } from "./own-names.js";
import { namedStatement } from "./statement.js";

export interface SealStatements {
  readonly begin: Statement;
  readonly lock: Statement;
  readonly last: Statement;
  /** What is committed and in no seal, from a transaction on: a whole number, as text. */
  unsealed(horizon: string, limit: number): Statement;
  readonly insert: Statement;
}

/** Everything that a row says, as one text that does not depend on settings; `00` is what a leaf begins with. */
const hashOf = (row: string) =>
  `encode(sha256(decode('00', 'hex') || convert_to(jsonb_build_array('usecase-audit-1', ${[
    "id",
    "use_case",
    "action",
    "outcome",
    "tenant_id",
    "actor",
    "subject_type",
    "subject_id",
    "reason",
    "command",
    "changes",
    "error",
    "idempotency_key",
    "correlation_id",
    "causation_id",
    "request_id",
    "tx",
  ]
    .map((column) => `${row}.${column}`)
    .join(", ")}, (extract(epoch from ${row}.at) * 1000000)::bigint)::text, 'UTF8')), 'hex')`;

const timeText = (expression: string) => `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * What is committed is what a statement sees, however late it was committed: so what is sealed is whatever is visible
 * and in no seal. The horizon says where to begin to look, and where a row comes too late to be honest: all transactions
 * before it had ended when it was noted, but for those that were running then, in whatever database of the server.
 * One that lies in the future comes from a dump of another cluster, whose transactions were counted further.
 */
const horizon = ({ auditSeal }: OwnNames) =>
  "select case when known then horizon else 0 end as tx, case when known then running else '{}' end as running " +
  `from (values (true)) one left join (select horizon, running, horizon <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint as known from ${auditSeal} order by number desc limit 1) s on true`;

/** The seal's snapshot: where it ends, and who was running. */
const snapshot =
  "pg_snapshot_xmax(pg_current_snapshot())::text, (select coalesce(array_agg(x::text::bigint order by x), '{}') from pg_snapshot_xip(pg_current_snapshot()) x)::text";

export function sealStatements(names: OwnNames): SealStatements {
  const { audit, auditSeal } = names;
  return {
    // Each statement is to see what was committed before it, so also what another sealer did while this one waited.
    begin: { text: "begin isolation level read committed" },
    lock: namedStatement("select pg_advisory_xact_lock($1::bigint)"),
    last: namedStatement(
      `select s.number, s.hash, coalesce(h.running[1], h.tx) from (${horizon(names)}) h left join (select number, hash from ${auditSeal} order by number desc limit 1) s on true`,
    ),
    // Not prepared: only with the number before its eyes does the planner see that it is almost the whole table that
    // need not be read.
    unsealed: (tx, limit) => ({
      text:
        `with sealed as materialized (select unnest(s.ids) as id from ${auditSeal} s where s.highest >= ${BigInt(tx)}), ` +
        `found as materialized (select a.id, a.tx from ${audit} a left join sealed s on s.id = a.id ` +
        `where a.tx >= ${BigInt(tx)} and s.id is null order by a.tx, a.id limit ${BigInt(limit)}) ` +
        `select a.id, a.tx, ${hashOf("a")}, ${snapshot}, ${timeText("clock_timestamp()")} ` +
        `from found f join ${audit} a on a.id = f.id order by f.tx, f.id`,
    }),
    insert: namedStatement(
      `insert into ${auditSeal} (number, at, ids, hashes, root, previous, hash, horizon, running, highest) ` +
        "values ($1, $2::timestamptz, $3::uuid[], $4::text[], $5, $6, $7, $8, $9::bigint[], $10)",
    ),
  };
}

export interface VerifyStatements {
  readonly seal: Statement;
  readonly entries: Statement;
  readonly smuggled: Statement;
  readonly unsealed: Statement;
}

export function verifyStatements(names: OwnNames): VerifyStatements {
  const { audit, auditSeal } = names;
  const next = `select * from ${auditSeal} where number > $1::bigint order by number limit 1`;
  const loose = `${audit} a left join (select unnest(ids) as id from ${auditSeal}) s on s.id = a.id cross join (${horizon(names)}) h where s.id is null`;
  return {
    /** The first seal after number `$1`. */
    seal: namedStatement(
      `select n.number, ${timeText("n.at")}, cardinality(n.ids), n.root, n.previous, n.hash, n.horizon, n.running::text, n.highest from (${next}) n`,
    ),
    /** Its entries, with the rows that they stand for. */
    entries: namedStatement(
      `select e.id, e.hash, case when a.id is not null then ${hashOf("a")} end, a.tx from (${next}) n ` +
        `cross join lateral unnest(n.ids, n.hashes) with ordinality e(id, hash, position) left join ${audit} a on a.id = e.id order by e.position`,
    ),
    /** Rows that no seal has, although all of their time are sealed. */
    smuggled: namedStatement(`select a.id from ${loose} and a.tx < h.tx and a.tx <> all(h.running) order by a.tx, a.id limit $1::integer`),
    unsealed: namedStatement(`select count(*) from ${loose} and (a.tx >= h.tx or a.tx = any(h.running))`),
  };
}
