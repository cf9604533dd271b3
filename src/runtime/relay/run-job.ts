import type { Actor, ExecuteContext } from "../context.js";
import type { NeedsOf, UseCaseCore } from "../core.js";
import type { Executed } from "../execute.js";
import { internalsOf } from "../internals.js";
import type { UseCase, UseCaseTypes } from "../use-case.js";
import type { RelayMessage } from "./message.js";

/** A job as its handler gets it. The payload's type is the generated one: `Job<MoveInventoryJobs["ReplenishLocation"]>`. */
export interface Job<Payload> extends RelayMessage {
  readonly payload: Payload;
}

/** Does a job in this process. A rejection is a failed attempt: the job is done again, from its beginning. */
export type JobHandler<Payload, Services = object> = (job: Job<Payload>, run: JobRun<Services>) => Promise<void>;

/** By the jobs' names in the specs. */
export type JobHandlers<Services = object> = Readonly<Record<string, JobHandler<never, Services>>>;

/** What of a call a job's handler may say itself. */
export interface JobCall {
  /** Default: of type `job`, with the job's name as id and its tenant, on behalf of who caused it. It has no roles. */
  readonly actor?: Actor | undefined;
  readonly reason?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Tells several calls of one use case in one job apart; the same at every attempt, at most 200 characters. */
  readonly step?: string | undefined;
}

export interface JobRun<Services = object> {
  /**
   * Executes a use case once, however often the job is done: the idempotency key comes from the job's id, and so does
   * the causation id. Throws a TypeError for a use case without `idempotency`, which would take effect at every attempt.
   */
  execute<T extends UseCaseTypes>(
    useCase: UseCase<T> & NeedsOf<T, Services>,
    command: T["commandInput"],
    call?: JobCall,
  ): Promise<Executed<T["result"]>>;
}

/** The calls of one attempt of a job. */
export function jobRun<Services>(core: Pick<UseCaseCore<Services>, "execute">, job: RelayMessage): JobRun<Services> {
  const used = new Set<string>();
  const { id } = job;
  return {
    async execute(useCase, command, { actor = actorFor(job, { type: "job", id: job.type }), reason, signal, step } = {}) {
      const { query, idempotency } = internalsOf(useCase).definition;
      if (query !== true && idempotency === undefined) {
        throw new TypeError(`A job may be done more than once, and ${useCase.name} has no idempotency: it would take effect each time.`);
      }
      const idempotencyKey = step === undefined ? `job:${id}` : `job:${id}:${step}`;
      const name = `${useCase.name} ${idempotencyKey}`;
      if (query !== true && used.has(name)) {
        throw new TypeError(`The job ${job.type} calls ${useCase.name} again: give each call a step of its own.`);
      }
      used.add(name);
      return core.execute(useCase, command, { ...causedBy(job), actor, idempotencyKey, reason, signal });
    },
  };
}

/** What a call says that a message causes. */
export function causedBy({ id, headers }: RelayMessage): Pick<ExecuteContext, "causationId" | "correlationId" | "traceparent"> {
  const text = (name: string) => (typeof headers[name] === "string" ? headers[name] : undefined);
  return { causationId: id, correlationId: text("correlationId"), traceparent: text("traceparent") };
}

/** Somebody of the message's tenant, on behalf of who caused the message. */
export function actorFor({ tenantId, headers }: RelayMessage, who: Pick<Actor, "type" | "id">): Actor {
  const cause = headers["actor"];
  const onBehalfOf = isCause(cause) ? { type: cause.type, id: cause.id } : undefined;
  return { ...who, ...(tenantId !== null && { tenantId }), ...(onBehalfOf && { onBehalfOf }) };
}

function isCause(value: unknown): value is { readonly type: string; readonly id: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof Reflect.get(value, "type") === "string" &&
    typeof Reflect.get(value, "id") === "string"
  );
}
