import type { Runtime } from "./runtime.js";
import { namedStatement } from "./sql/statement.js";

/** How things stand in the database at one moment. */
export interface Gauges {
  /** Messages that could be delivered now, and for how long the one that waits longest could have been: in milliseconds, 0 without any. */
  readonly outbox: { readonly due: number; readonly lagMs: number };
  readonly deadLetters: number;
  /** Connections to this database that wait for a lock, whoever they belong to. */
  readonly lockWaits: number;
}

/** Counts the whole backlog: ask now and then, not at each call. */
export async function gauges({ driver, names: { outbox, outboxDead } }: Runtime): Promise<Gauges> {
  const since = "greatest(created_at, not_before)";
  const statement = namedStatement(
    `select o.due, o.lag, (select count(*) from ${outboxDead}), ` +
      "(select count(*) from pg_stat_activity a where a.datname = current_database() and exists (select from pg_locks l where l.pid = a.pid and not l.granted)) " +
      `from (select count(*) as due, coalesce(ceil(extract(epoch from clock_timestamp() - min(${since})) * 1000), 0)::bigint as lag ` +
      `from ${outbox} where not_before is null or not_before <= clock_timestamp()) o`,
  );
  const [answer] = await driver.session((session) => session.burst([[statement, []]]));
  const [due, lagMs, deadLetters, lockWaits] = (answer?.rows[0] ?? []).map(Number);
  return { outbox: { due: due ?? 0, lagMs: lagMs ?? 0 }, deadLetters: deadLetters ?? 0, lockWaits: lockWaits ?? 0 };
}
