import type { Statement } from "../../ports.js";
import { namedStatement } from "../../sql/statement.js";
import { outboxSlots } from "../../tables.js";
import type { RelayNames } from "./relay-names.js";

export interface LeaseStatements {
  readonly makeSlots: Statement;
  readonly join: Statement;
  readonly forgetLost: Statement;
  readonly stayJoined: Statement;
  readonly renew: Statement;
  readonly take: Statement;
  readonly fairShare: Statement;
  readonly release: Statement;
  readonly leave: Statement;
}

/**
 * Who lives is known by a row with a negative slot that each relay keeps renewing; the living share the slots evenly. Where
 * a lease has run out, whoever takes the slot raises its epoch. `$1` is the owner, `$2` seconds or slots.
 */
export function leaseStatements({ slots }: RelayNames): LeaseStatements {
  const until = "now() + make_interval(secs => $2::double precision)";
  const relays = `(select count(*) from ${slots} where slot < 0 and until > now())`;
  const share = `ceil(${outboxSlots}.0 / greatest(${relays}, 1))`;
  const owned = `(select count(*) from ${slots} where slot >= 0 and owner = $1 and until > now())`;
  return {
    makeSlots: namedStatement(`insert into ${slots} (slot) select generate_series(0, ${outboxSlots - 1}) on conflict (slot) do nothing`),
    join: namedStatement(
      `insert into ${slots} (slot, owner, until) select least(min(slot), 0) - 1, $1, ${until} from ${slots} having not exists (select 1 from ${slots} where slot < 0 and owner = $1) on conflict (slot) do nothing`,
    ),
    forgetLost: namedStatement(`delete from ${slots} where slot < 0 and until <= now()`),
    stayJoined: namedStatement(`update ${slots} set until = ${until} where owner = $1 and slot < 0 returning slot`),
    renew: namedStatement(`update ${slots} set until = ${until} where owner = $1 and slot >= 0 and until > now() returning slot, epoch`),
    take: namedStatement(`with free as (
  select slot from ${slots} where slot >= 0 and (until is null or until <= now())
  order by slot limit (select greatest(${share} - ${owned}, 0)) for update skip locked
) update ${slots} s set owner = $1, epoch = s.epoch + 1, until = ${until} from free where s.slot = free.slot returning s.slot, s.epoch`),
    fairShare: namedStatement(`select ${share}`),
    release: namedStatement(`update ${slots} set owner = null, until = null where owner = $1 and slot = any($2::smallint[])`),
    leave: namedStatement(`delete from ${slots} where owner = $1 and slot < 0`),
  };
}
