import type { ExecuteContext } from "./context.js";
import { UseCaseError } from "./errors.js";
import type { CallEnd, CallObserver, Stage } from "./observer.js";
import type { PreparedUseCase, Runtime } from "./runtime.js";

/** Tells the observer, if there is one, of the stages of a call. */
export interface Watch {
  /** Runs the work as this stage of the call. */
  stage<Value>(stage: Stage, work: () => Value): Value;
  /** From here on it is the n-th run of the transaction. */
  attempt(number: number): void;
}

const unwatched: Watch = { stage: (_, work) => work(), attempt() {} };

interface Answer {
  readonly replayed: boolean;
}

/** Runs a call under the eyes of the runtime's observer. */
export async function watched<Value extends Answer>(
  { observer, logger }: Runtime,
  { definition }: PreparedUseCase,
  { correlationId, requestId, traceparent }: ExecuteContext,
  work: (watch: Watch) => Promise<Value>,
): Promise<Value> {
  if (observer?.onCall === undefined) return work(unwatched);
  const told = <Told>(tell: () => Told): Told | undefined => {
    try {
      return tell();
    } catch (error) {
      logger.warn("The observer failed", { useCase: definition.name, error });
      return undefined;
    }
  };
  const { name, query = false } = definition;
  const call = told(() => observer.onCall?.({ useCase: name, query, correlationId, requestId, traceparent }));
  const started = performance.now();
  let attempts = 0;
  const end = (how: Pick<CallEnd, "outcome" | "code" | "failure">) => {
    told(() => call?.onEnd?.({ ...how, attempts, durationMs: performance.now() - started }));
  };
  try {
    const answer = await work({
      attempt(number) {
        attempts = number;
      },
      stage: (stage, run) => runStage(call, stage, attempts, run, told),
    });
    end({ outcome: answer.replayed ? "replayed" : "done", code: undefined, failure: undefined });
    return answer;
  } catch (failure) {
    end(endOf(failure));
    throw failure;
  }
}

/** An error that says the service is not there is a failure, although it has a code. */
function endOf(failure: unknown): Pick<CallEnd, "outcome" | "code" | "failure"> {
  if (!(failure instanceof UseCaseError)) return { outcome: "failed", code: undefined, failure };
  return { outcome: failure.kind === "unavailable" ? "failed" : "refused", code: failure.code, failure };
}

function runStage<Value>(
  call: CallObserver | undefined,
  stage: Stage,
  attempt: number,
  run: () => Value,
  told: <Told>(tell: () => Told) => Told | undefined,
): Value {
  const onEnd = told(() => call?.onStage?.(stage, attempt));
  if (onEnd === undefined) return run();
  const started = performance.now();
  const end = (failure: unknown) => {
    told(() => onEnd({ failure, durationMs: performance.now() - started }));
  };
  let value: Value;
  try {
    value = run();
  } catch (failure) {
    end(failure);
    throw failure;
  }
  if (!(value instanceof Promise)) {
    end(undefined);
    return value;
  }
  // The caller waits for the stage itself; this only looks on.
  value.then(() => end(undefined), end);
  return value;
}
