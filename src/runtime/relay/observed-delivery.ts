import type { Observer } from "../observer.js";
import type { Logger } from "../ports.js";
import type { ClaimedMessage } from "./message.js";
import type { Outcome } from "./sql/settle-messages.js";

type Attempt = (claimed: ClaimedMessage) => Promise<Outcome>;

/** Makes an attempt and tells the observer, if there is one, how it went. */
export function observedDelivery(
  observer: Pick<Observer, "onDelivery"> | undefined,
  logger: Logger,
): (claimed: ClaimedMessage, attempt: Attempt) => Promise<Outcome> {
  if (observer?.onDelivery === undefined) return (claimed, attempt) => attempt(claimed);
  return async (claimed, attempt) => {
    const started = performance.now();
    const outcome = await attempt(claimed);
    const { kind, type, attempt: number, createdAt, headers } = claimed.message;
    const traceparent = typeof headers["traceparent"] === "string" ? headers["traceparent"] : undefined;
    try {
      observer.onDelivery?.({
        ...{ kind, type, traceparent, outcome: outcome.is, attempt: number },
        ...{ durationMs: performance.now() - started, ageMs: Date.now() - createdAt.getTime() },
      });
    } catch (error) {
      logger.warn("The observer failed", { type, error });
    }
    return outcome;
  };
}
