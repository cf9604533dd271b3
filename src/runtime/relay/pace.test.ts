// How often a relay looks at the outbox, and how much it takes: without a database, and without waiting.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { alarm } from "./alarm.js";
import { defaultBackoff } from "./backoff.js";
import { claimDepth } from "./claim-depth.js";
import type { ClaimedMessage } from "./message.js";
import { slotPace } from "./slot-pace.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("an alarm", () => {
  const settled = async (promise: Promise<void>) => {
    let done = false;
    void promise.then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    return done;
  };

  test("ends a wait when its time is over, or when it rings", async () => {
    const bell = alarm();
    const first = bell.wait(100);
    expect(await settled(first)).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(await settled(first)).toBe(true);
    const second = bell.wait(100);
    bell.ring();
    expect(await settled(second)).toBe(true);
  });

  test("that rang between two waits ends the next one, and no other", async () => {
    const bell = alarm();
    bell.ring();
    bell.ring();
    expect(await settled(bell.wait(100))).toBe(true);
    expect(await settled(bell.wait(100))).toBe(false);
  });
});

describe("the pace of looking at slots", () => {
  const idle = () => false;

  test("slows down where nothing is found, up to the poll's time, and is quick again where something is", () => {
    const pace = slotPace(35);
    const looks: number[] = [];
    for (let time = 0; time <= 140; time++) {
      if (pace.due([1]).length > 0) {
        looks.push(time);
        pace.looked(new Set(), [1], idle);
      }
      vi.advanceTimersByTime(1);
    }
    expect(looks).toEqual([0, 10, 30, 65, 100, 135]);
    pace.looked(new Set([1]), [], idle);
    expect(pace.due([1, 2])).toEqual([1, 2]);
  });

  test("waits for a message in hand where the rest is behind it", () => {
    const pace = slotPace(1_000);
    pace.looked(new Set(), [1, 2], (slot) => slot === 1);
    vi.advanceTimersByTime(500);
    expect(pace.due([1, 2])).toEqual([2]);
    pace.hurry(1);
    expect(pace.due([1, 2])).toEqual([1, 2]);
    pace.looked(new Set(), [1, 2], idle);
    pace.hurry();
    expect(pace.due([1, 2])).toEqual([1, 2]);
  });
});

describe("how many messages of a slot are claimed", () => {
  const claimed = (...slots: readonly number[]) => slots.map((slot) => ({ slot }) as ClaimedMessage);
  const depth = () => claimDepth((perSlot) => ({ text: String(perSlot) }), 100);

  test("more where few slots have much, less where many have", () => {
    const many = depth();
    const texts = [many.statement().text];
    const adapt = (messages: readonly ClaimedMessage[]) => {
      many.adapt(messages, 100);
      texts.push(many.statement().text);
    };
    adapt(claimed(...Array.from({ length: 10 }, () => 7)));
    adapt(claimed(...Array.from({ length: 40 }, () => 7)));
    adapt(claimed(...Array.from({ length: 100 }, () => 7)));
    adapt([]);
    adapt(claimed(...Array.from({ length: 100 }, (_, index) => index % 64)));
    adapt(claimed(...Array.from({ length: 100 }, (_, index) => index % 64)));
    adapt(claimed(1, 2, 3));
    expect(texts).toEqual(["10", "40", "100", "100", "100", "40", "10", "10"]);
  });
});

test("the default backoff doubles up to five minutes, and differs", () => {
  for (const [attempt, least] of [
    [1, 500],
    [2, 1_000],
    [5, 8_000],
    [11, 300_000],
    [1_000, 300_000],
  ] as const) {
    const waits = Array.from({ length: 100 }, () => defaultBackoff(attempt));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...waits)).toBeLessThanOrEqual(least * 1.5);
    expect(new Set(waits).size).toBeGreaterThan(1);
  }
});
