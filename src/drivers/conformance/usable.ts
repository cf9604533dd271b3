import assert from "node:assert/strict";
import { DatabaseError } from "../../runtime/database-error.js";
import type { Driver } from "../../runtime/ports.js";
import { run } from "./subject.js";

export const isLost = (failure: unknown): boolean => failure instanceof DatabaseError && failure.connectionLost;

/** Idle connections may have ended without the client's knowing yet: each of these costs one session. */
export async function isUsable(driver: Driver, unnoticed = 0): Promise<void> {
  let lost = 0;
  const ask = (): Promise<unknown> =>
    driver
      .session((session) => run(session, "select 'usable'"))
      .catch((failure: unknown) => {
        assert.ok(isLost(failure) && ++lost <= unnoticed, String(failure));
        return ask();
      });
  assert.deepEqual(await Promise.all([ask(), ask()]), [[["usable"]], [["usable"]]]);
}
