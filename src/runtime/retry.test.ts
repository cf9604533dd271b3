import { expect, test } from "vitest";
import { type RetryReason, retryWhole } from "./retry.js";

const policy = (reason: RetryReason | undefined, retries = 3) => ({ retries, signal: undefined, reason: () => reason });

async function runs(attempts: number, ...given: Parameters<typeof policy>): Promise<number> {
  let count = 0;
  await retryWhole(policy(...given), async () => {
    count += 1;
    if (count < attempts) throw new Error(`attempt ${count}`);
  }).catch((error: Error) => expect(error.message).toBe(`attempt ${count}`));
  return count;
}

test.each([
  ["a success", 1, "conflict", 3, 1],
  ["a conflict that passes", 3, "conflict", 3, 3],
  ["a conflict that lasts", 99, "conflict", 3, 4],
  ["no retries", 99, "conflict", 0, 1],
  ["another failure", 99, undefined, 3, 1],
  ["a stored outcome, which needs no retries", 2, "replay", 0, 2],
  ["a pool full of stale statements", 50, "stale statements", 0, 50],
  ["statements that stay stale", 999, "stale statements", 3, 101],
  ["a stored outcome that is never found", 99, "replay", 0, 4],
] as const)("%s", async (_, attempts, reason, retries, expected) => {
  expect(await runs(attempts, reason, retries)).toBe(expected);
});

test("an aborted call is not run again", async () => {
  const controller = new AbortController();
  const work = retryWhole({ ...policy("conflict"), signal: controller.signal }, async () => {
    controller.abort(new Error("gone"));
    throw new Error("conflict");
  });
  await expect(work).rejects.toThrow("gone");
});
