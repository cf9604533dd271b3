/** In milliseconds. */
const shortest = 10;

export interface SlotPace {
  /** Those of the slots that are worth a look. */
  due(slots: readonly number[]): readonly number[];
  /** Slots where a claim found something, and those where it found nothing. */
  looked(found: ReadonlySet<number>, nothing: readonly number[], isBusy: (slot: number) => boolean): void;
  /** To be looked at again at once: one slot, or all. */
  hurry(slot?: number): void;
}

/**
 * How often to look at each slot. One without messages is looked at less and less often, down to once in `pollMs`; so is one whose
 * messages are all held back, which costs as much as there are. Where the rest waits behind a message in hand, looking
 * again can wait for that.
 */
export function slotPace(pollMs: number): SlotPace {
  const pauses = new Map<number, { readonly pause: number; readonly until: number }>();
  return {
    due: (slots) => slots.filter((slot) => (pauses.get(slot)?.until ?? 0) <= performance.now()),
    looked(found, nothing, isBusy) {
      for (const slot of found) pauses.delete(slot);
      for (const slot of nothing) {
        const pause = isBusy(slot) ? pollMs : Math.min((pauses.get(slot)?.pause ?? shortest / 2) * 2, pollMs);
        pauses.set(slot, { pause, until: performance.now() + pause });
      }
    },
    hurry(slot) {
      if (slot === undefined) pauses.clear();
      else pauses.delete(slot);
    },
  };
}
