import { randomBytes } from "node:crypto";
import { storableJson } from "./codec/storable-text.js";
import { DatabaseError } from "./database-error.js";
import type { Definition, ErasedOutcomeScope, ErasedScope, Fields, Outcome } from "./internals.js";
import type { RowOrigins } from "./load/loaded-rows.js";
import { composeMessages } from "./messages/compose-messages.js";
import type { OutgoingMessage } from "./messages/message.js";
import type { Logger } from "./ports.js";
import { rejectOf } from "./refusal.js";
import type { PreparedUseCase } from "./runtime.js";
import type { StateChange } from "./transitions.js";
import type { RowChange } from "./writes/row-change.js";
import { type WriteQueue, writeQueue } from "./writes/write-queue.js";

/** What a use case has decided: all that there is to write. */
export interface Decision {
  /**
   * As JSON has it, so that the first answer is equal to every replay of it: a stored result has been through JSON too.
   */
  readonly result: Fields;
  readonly resultText: string;
  readonly changes: readonly RowChange[];
  readonly messages: readonly OutgoingMessage[];
  readonly scope: ErasedOutcomeScope;
}

export interface ApplyContext {
  readonly useCase: Pick<PreparedUseCase, "definition" | "handler">;
  readonly origins: RowOrigins;
  readonly tenant: string | undefined;
  readonly services: unknown;
  readonly log: Logger;
  newId(): string;
  /** Gives the handler of a use case with `tx` its Drizzle, for which what is queued is written early. */
  readonly database?: ((queue: WriteQueue) => { readonly tx: unknown; close(): void }) | undefined;
}

/** Runs the handler and completes what it returns by what the spec computes. */
export async function apply(context: ApplyContext, scope: ErasedScope, transitions: readonly StateChange[]): Promise<Decision> {
  const { useCase, origins, tenant, newId } = context;
  const { definition } = useCase;
  const queue = writeQueue(definition, origins, { tenant, newId });
  for (const change of transitions) queue.transition(change);
  const outcome = await runHandler(context, scope, queue);
  const changes = queue.close();
  const resultText = resultOf(definition, outcome, scope);
  const result: Fields = JSON.parse(resultText);
  const outcomeScope = { ...scope, result };
  return { result, resultText, changes, messages: composeMessages(definition, outcome, outcomeScope, newId), scope: outcomeScope };
}

async function runHandler(context: ApplyContext, scope: ErasedScope, queue: WriteQueue): Promise<Outcome> {
  const { useCase, services, log, newId } = context;
  const { definition, handler } = useCase;
  if (handler.apply === undefined) return {};
  const database = context.database?.(queue);
  const { command, state, actor, now, prepare } = scope;
  const reject = rejectOf(definition, scope.command);
  const given = { command, state, actor, now, prepare, writes: queue.writes, newId, randomToken, reject, tx: database?.tx, log, services };
  try {
    const outcome: Outcome | undefined = await handler.apply(given);
    if (typeof outcome !== "object" || outcome === null) throw new TypeError(`${definition.name}: the handler must return { result }.`);
    return outcome;
  } catch (failure) {
    throw database === undefined ? failure : withoutWrapping(failure);
  } finally {
    database?.close();
  }
}

const randomToken = (bytes = 32) => randomBytes(bytes).toString("base64url");

/** Drizzle wraps what a driver throws: what the database said decides whether the call is run again, or is refused. */
function withoutWrapping(failure: unknown): unknown {
  return failure instanceof Error && failure.cause instanceof DatabaseError ? failure.cause : failure;
}

function resultOf({ computedResult }: Definition, { result }: Outcome, scope: ErasedScope): string {
  if (computedResult === undefined) return storableJson({ ...result });
  const computed = Object.entries(computedResult).map(([field, compute]) => [field, compute?.(scope)]);
  return storableJson({ ...result, ...Object.fromEntries(computed) });
}
