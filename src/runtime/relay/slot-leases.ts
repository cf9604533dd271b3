import type { Driver } from "../ports.js";
import { leaseStatements } from "./sql/lease-slots.js";
import type { RelayNames } from "./sql/relay-names.js";

interface Lease {
  readonly epoch: string;
  /** By this process' own steady clock, from before the server was asked: never later than the server's. */
  readonly until: number;
}

export interface SlotLeases {
  /** Renews what is held, takes free slots up to a fair share, and gives back what is beyond it and not busy. */
  renew(isBusy: (slot: number) => boolean): Promise<void>;
  /** The slots to claim messages from. */
  slots(): readonly number[];
  /** Whether a message that was claimed under this epoch may still be delivered. */
  isHeld(slot: number, epoch: string): boolean;
  /** Gives everything back. */
  release(): Promise<void>;
}

export function slotLeases(driver: Driver, names: RelayNames, owner: string, leaseMs: number): SlotLeases {
  const statements = leaseStatements(names);
  const seconds = String(leaseMs / 1000);
  let held = new Map<number, Lease>();
  let surplus: readonly number[] = [];
  let prepared = false;

  const isLive = ({ until }: Lease) => performance.now() < until;

  return {
    async renew(isBusy) {
      const until = performance.now() + leaseMs;
      const giving = surplus.filter((slot) => !isBusy(slot));
      const results = await driver.session(async (session) => {
        if (!prepared) await session.burst([[statements.makeSlots, []]]);
        prepared = true;
        const member: readonly [typeof statements.join, readonly string[]][] = [
          [statements.forgetLost, []],
          [statements.join, [owner, seconds]],
          [statements.stayJoined, [owner, seconds]],
        ];
        return session.burst([
          ...member,
          [statements.release, [owner, `{${giving.join(",")}}`]],
          [statements.renew, [owner, seconds]],
          [statements.take, [owner, seconds]],
          [statements.fairShare, []],
        ]);
      });
      const [renewed, taken, share] = results.slice(-3);
      held = new Map(
        [...(renewed?.rows ?? []), ...(taken?.rows ?? [])].map(([slot, epoch]) => [Number(slot), { epoch: epoch ?? "", until }]),
      );
      surplus = [...held.keys()].slice(Number(share?.rows[0]?.[0] ?? held.size));
    },
    slots: () => [...held].filter(([slot, lease]) => isLive(lease) && !surplus.includes(slot)).map(([slot]) => slot),
    isHeld(slot, epoch) {
      const lease = held.get(slot);
      return lease !== undefined && lease.epoch === epoch && isLive(lease);
    },
    async release() {
      const all = `{${[...held.keys()].join(",")}}`;
      held = new Map();
      surplus = [];
      await driver.session((session) =>
        session.burst([
          [statements.release, [owner, all]],
          [statements.leave, [owner]],
        ]),
      );
    },
  };
}
