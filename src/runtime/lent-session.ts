import type { BurstItem, Driver, Session, StatementResult } from "./ports.js";

/** A session of the driver; a call that is aborted while it waits for a connection waits no longer. */
export function lentSession<Value>(
  driver: Driver,
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  if (signal === undefined) return driver.session(work);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort);
    const begin = () => signal.removeEventListener("abort", onAbort);
    const lent = driver.session((session) => {
      begin();
      signal.throwIfAborted();
      return work(session);
    });
    lent.then(resolve, reject).finally(begin);
  });
}

/** A single burst in a session of its own; what an abort may end at any time. */
export async function burstAlone(
  driver: Driver,
  signal: AbortSignal | undefined,
  items: readonly BurstItem[],
): Promise<readonly StatementResult[]> {
  signal?.throwIfAborted();
  const results = await lentSession(driver, signal, (session) => session.burst(items, signal));
  signal?.throwIfAborted();
  return results;
}
