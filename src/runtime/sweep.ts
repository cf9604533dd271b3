import type { Runtime } from "./runtime.js";
import { namedStatement } from "./sql/statement.js";

/** Small enough that a sweep never holds locks for long. */
const batch = 5_000;

/** Deletes expired idempotency keys, batch by batch, each in its own transaction. Resolves to their number. */
export async function sweep({ driver, names }: Runtime): Promise<number> {
  const statement = namedStatement(
    `with expired as (select ctid from ${names.idempotency} where expires_at <= now() limit ${batch} for update skip locked), ` +
      `gone as (delete from ${names.idempotency} r using expired e where r.ctid = e.ctid returning 1) select count(*) from gone`,
  );
  let total = 0;
  for (;;) {
    const [answer] = await driver.session((session) => session.burst([[statement, []]]));
    const count = Number(answer?.rows[0]?.[0] ?? 0);
    total += count;
    if (count < batch) return total;
  }
}
