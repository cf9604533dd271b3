import type { BurstItem, Statement } from "../../ports.js";
import { namedStatement } from "../../sql/statement.js";
import type { ClaimedMessage } from "../message.js";
import type { RelayNames } from "./relay-names.js";

/** What became of a delivery. */
export type Outcome =
  | { readonly is: "delivered"; readonly claimed: ClaimedMessage }
  | { readonly is: "failed"; readonly claimed: ClaimedMessage; readonly retryInSeconds: number }
  | { readonly is: "dead"; readonly claimed: ClaimedMessage; readonly error: string };

/** What happens to a lane whose message was given up: nothing of it is delivered any more, or the next message is. */
export type OnDead = "halt-key" | "skip";

export interface SettleStatements {
  readonly delivered: Statement;
  readonly failed: Statement;
  readonly dead: Statement;
}

const columns =
  "id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id, dedupe_key, created_at, max_attempts, not_before";

/** Each takes effect only on messages whose slot this relay has held without a break since it claimed them. */
export function settleStatements({ outbox, dead, slots }: RelayNames, onDead: OnDead): SettleStatements {
  const given =
    "jsonb_to_recordset($2::jsonb) as g(seq bigint, slot smallint, epoch bigint, attempt integer, seconds double precision, error text)";
  const own = "o.seq = g.seq and s.slot = g.slot and s.owner = $1 and s.epoch = g.epoch";
  const givenUp = (change: string) =>
    namedStatement(
      `with given_up as (${change} returning o.*, g.attempt, g.error) ` +
        `insert into ${dead} (seq, ${columns}, attempts, error) select seq, ${columns}, attempt, error from given_up ` +
        "on conflict (seq) do update set attempts = excluded.attempts, error = excluded.error, failed_at = excluded.failed_at",
    );
  return {
    delivered: namedStatement(`delete from ${outbox} o using ${given}, ${slots} s where ${own}`),
    failed: namedStatement(
      `update ${outbox} o set attempts = g.attempt, not_before = now() + make_interval(secs => g.seconds) from ${given}, ${slots} s where ${own}`,
    ),
    dead:
      onDead === "skip"
        ? givenUp(`delete from ${outbox} o using ${given}, ${slots} s where ${own}`)
        : // It stays, as a failed message that is never due again: so it holds back its lane.
          givenUp(`update ${outbox} o set attempts = g.attempt, not_before = 'infinity' from ${given}, ${slots} s where ${own}`),
  };
}

export function settleItems(statements: SettleStatements, owner: string, outcomes: readonly Outcome[]): readonly BurstItem[] {
  return (["delivered", "failed", "dead"] as const).flatMap((kind): BurstItem[] => {
    const rows = outcomes.filter(({ is }) => is === kind).map(rowOf);
    return rows.length === 0 ? [] : [[statements[kind], [owner, JSON.stringify(rows)]]];
  });
}

function rowOf(outcome: Outcome) {
  const { seq, slot, epoch, message } = outcome.claimed;
  const row = { seq, slot, epoch, attempt: message.attempt };
  if (outcome.is === "failed") return { ...row, seconds: outcome.retryInSeconds };
  // What Postgres cannot hold in a text is not worth failing for here.
  return outcome.is === "dead" ? { ...row, error: outcome.error.replace(/\0|\p{Surrogate}/gu, "\u{fffd}") } : row;
}
