import type { Statement } from "../ports.js";
import type { ClaimedMessage } from "./message.js";

export interface ClaimDepth {
  /** The statement for as many messages of each slot as have turned out to be right. */
  statement(): Statement;
  /** Takes more of each slot where few slots have much, and less where many have. */
  adapt(claimed: readonly ClaimedMessage[], limit: number): void;
}

/** A few levels, from ten messages of a slot up to the whole batch: each is a statement of its own. */
export function claimDepth(make: (perSlot: number) => Statement, batchSize: number): ClaimDepth {
  const levels: { readonly perSlot: number; readonly statement: Statement }[] = [];
  for (let perSlot = 10; perSlot < batchSize; perSlot *= 4) levels.push({ perSlot, statement: make(perSlot) });
  const deepest = { perSlot: batchSize, statement: make(batchSize) };
  levels.push(deepest);
  let level = 0;
  const current = () => levels[level] ?? deepest;
  return {
    statement: () => current().statement,
    adapt(claimed, limit) {
      // Whatever there is may be behind what is in hand.
      if (claimed.length === 0) return;
      const ofSlot = new Map<number, number>();
      for (const { slot } of claimed) ofSlot.set(slot, (ofSlot.get(slot) ?? 0) + 1);
      const most = Math.max(0, ...ofSlot.values());
      if (claimed.length < limit && most >= current().perSlot) level = Math.min(level + 1, levels.length - 1);
      else if (most * 4 < current().perSlot) level = Math.max(level - 1, 0);
    },
  };
}
