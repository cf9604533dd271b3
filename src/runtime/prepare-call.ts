import { deepFreeze } from "./deep-freeze.js";
import type { Preparation } from "./definition.js";
import type { Erased, ErasedHandler, Fields } from "./internals.js";
import { boundLogger } from "./logger.js";
import { isRefusal, refusal, rejectOf, useCaseError } from "./refusal.js";
import type { Call } from "./validate.js";

type PrepareFunction = NonNullable<ErasedHandler["prepare"]>[string];

/**
 * The call with what the spec's `prepare` functions return. They run at the same time; the first that fails decides, and
 * aborts the others.
 */
export async function prepareCall(call: Call): Promise<Call> {
  const { signal } = call.context;
  const stopped = new AbortController();
  const signals = signal === undefined ? [stopped.signal] : [stopped.signal, signal];
  const values = Object.entries(call.useCase.definition.prepare ?? {}).map(async ([name, preparation]) => {
    return [name, await prepareValue(call, name, preparation, signals)] as const;
  });
  try {
    return { ...call, prepare: deepFreeze(Object.fromEntries(await Promise.all(values))) };
  } catch (failure) {
    stopped.abort(failure);
    throw failure;
  }
}

async function prepareValue(
  call: Call,
  name: string,
  { timeoutMs, error = "Unavailable" }: Preparation<Erased>,
  signals: readonly AbortSignal[],
): Promise<Fields> {
  const { useCase, command, context, now, key, runtime } = call;
  const { definition, handler } = useCase;
  const prepare = handler.prepare?.[name];
  if (prepare === undefined) throw new Error(`${definition.name}: the handler has no \`prepare\` function "${name}".`);
  const log = boundLogger(call);
  const given = {
    command,
    actor: context.actor,
    now,
    services: runtime.services,
    idempotencyKey: key?.key,
    reject: rejectOf(definition, command),
    log,
  };
  let value: unknown;
  try {
    // The context is the caller's; the generated types have seen to it that it has what the use case asks for.
    value = await within(timeoutMs, signals, async (signal) => prepare({ ...given, signal } as Parameters<PrepareFunction>[0]));
  } catch (failure) {
    context.signal?.throwIfAborted();
    if (isRefusal(definition, failure)) throw failure;
    log.warn(`The \`prepare\` function ${name} failed`, { error: failure });
    if (error === "Unavailable") throw useCaseError(definition, error, { outcome: "none" }, failure);
    throw refusal(definition, error, undefined, failure);
  }
  if (typeof value === "object" && value !== null) return { ...value };
  throw new TypeError(`${definition.name}: the \`prepare\` function "${name}" must return an object.`);
}

/** Rejects when the time is up or a signal is aborted, also where the work goes on regardless. */
async function within<Value>(
  milliseconds: number,
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`It took longer than ${milliseconds} ms.`)), milliseconds);
  const signal = AbortSignal.any([late.signal, ...signals]);
  try {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    return await Promise.race([aborted, work(signal)]);
  } finally {
    clearTimeout(timer);
  }
}
