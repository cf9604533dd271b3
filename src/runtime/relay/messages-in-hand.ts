import type { ClaimedMessage } from "./message.js";

export interface MessagesInHand {
  /** Begins to deliver: lanes side by side, the messages of one lane one after the other. */
  take(messages: readonly ClaimedMessage[]): void;
  /** How many are delivered or wait behind one that is. */
  count(): number;
  /** Lanes from which nothing may be claimed, except those that have come to their end. */
  busyLanes(): readonly string[];
  isBusy(slot: number): boolean;
  /** Lanes that have come to their end since the last `forget`. */
  endedLanes(): readonly string[];
  /** What they did is stored: more of them may be claimed. */
  forget(lanes: readonly string[]): void;
}

interface Lane {
  readonly slot: number;
  left: number;
  ended: boolean;
}

/**
 * @param deliver Delivers one message and keeps its outcome; resolves to whether the next of its lane may follow. Never rejects.
 * @param onLaneEnd Called with its slot when a lane has come to its end.
 */
export function messagesInHand(deliver: (claimed: ClaimedMessage) => Promise<boolean>, onLaneEnd: (slot: number) => void): MessagesInHand {
  const lanes = new Map<string, Lane>();

  const work = async (lane: Lane, messages: readonly ClaimedMessage[]) => {
    for (const claimed of messages) {
      const goOn = await deliver(claimed);
      lane.left--;
      if (!goOn) break;
    }
    lane.left = 0;
    lane.ended = true;
    onLaneEnd(lane.slot);
  };

  const where = (test: (lane: Lane) => boolean) => [...lanes].filter(([, lane]) => test(lane)).map(([name]) => name);

  return {
    take(messages) {
      const byLane = new Map<string, [ClaimedMessage, ...ClaimedMessage[]]>();
      for (const message of messages) {
        const ofLane = byLane.get(message.lane);
        if (ofLane === undefined) byLane.set(message.lane, [message]);
        else ofLane.push(message);
      }
      for (const [name, ofLane] of byLane) {
        const lane: Lane = { slot: ofLane[0].slot, left: ofLane.length, ended: false };
        lanes.set(name, lane);
        void work(lane, ofLane);
      }
    },
    count: () => [...lanes.values()].reduce((sum, { left }) => sum + left, 0),
    busyLanes: () => where(({ ended }) => !ended),
    isBusy: (slot) => [...lanes.values()].some((lane) => lane.slot === slot),
    endedLanes: () => where(({ ended }) => ended),
    forget(names) {
      for (const name of names) lanes.delete(name);
    },
  };
}
