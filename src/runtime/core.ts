import { type AuditLog, auditLog } from "./audit/audit-log.js";
import { type Can, can } from "./can.js";
import type { ExecuteContext } from "./context.js";
import { UseCaseError } from "./errors.js";
import { type Executed, execute } from "./execute.js";
import { executeQuery } from "./execute-query.js";
import { explain } from "./explain/explain.js";
import type { Explanation } from "./explain/explanation.js";
import { renderExplanation } from "./explain/render-explanation.js";
import { type Gauges, gauges } from "./gauges.js";
import { silentLogger } from "./logger.js";
import type { Observer } from "./observer.js";
import type { Authorizer, Driver, Logger } from "./ports.js";
import { prepareUseCase } from "./prepare-use-case.js";
import { type DeadLetters, deadLetters } from "./relay/dead-letters.js";
import type { PreparedUseCase, Runtime } from "./runtime.js";
import { ownNames } from "./sql/own-names.js";
import { sweep } from "./sweep.js";
import type { AnyUseCase, UseCase, UseCaseTypes } from "./use-case.js";
import { uuidV7 } from "./uuid-v7.js";
import { watched } from "./watch.js";

/** `execute` without throwing for refusals; both halves are plain data. */
export type Tried<Result, Failure> = ({ readonly ok: true } & Executed<Result>) | { readonly ok: false; readonly error: Failure };

/** The services that a use case needs and the core was not given; only its name matters, in the compiler's message. */
export interface MissingServices<Names> {
  readonly missingServices: Names;
}

/** What makes a use case that needs services a compile error for a core without them. */
export type NeedsOf<T, Services> = T extends { readonly services: infer Needed }
  ? Services extends Needed
    ? unknown
    : MissingServices<Exclude<keyof Needed, keyof Services>>
  : unknown;

export interface UseCaseCore<Services = object> {
  /**
   * Runs one call. Refusals are thrown as `UseCaseError`, whose `code` is declared in the spec or built in; failures that are
   * nobody's refusal (a bug in a handler, a missing table) are thrown as they are.
   */
  execute<T extends UseCaseTypes>(
    useCase: UseCase<T> & NeedsOf<T, Services>,
    command: T["commandInput"],
    context: T["context"],
  ): Promise<Executed<T["result"]>>;

  /** The same, with refusals as data: what a server action may return. */
  tryExecute<T extends UseCaseTypes>(
    useCase: UseCase<T> & NeedsOf<T, Services>,
    command: T["commandInput"],
    context: T["context"],
  ): Promise<Tried<T["result"], T["error"]>>;

  /** Whether policies and transitions would allow the call now. Nothing is locked, written or audited. */
  can<T extends UseCaseTypes>(
    useCase: UseCase<T> & NeedsOf<T, Services>,
    command: T["commandInput"],
    context: T["context"],
  ): Promise<Can<T["error"]>>;

  /** What a call does, for people: steps, lock order, the exact SQL of its loads, an example of its write, round trips, refusals. */
  explain(useCase: AnyUseCase): string;

  /** The same as data. */
  explanation(useCase: AnyUseCase): Explanation;

  /** Deletes expired idempotency keys in batches of at most 5,000; resolves to how many there were. */
  sweep(): Promise<number>;

  /** The outbox' backlog, dead letters and waits for locks: for a monitor. */
  gauges(): Promise<Gauges>;

  /** What was done, by whom: the rows that committed actions and refusals left. */
  readonly audit: AuditLog;

  /** Events and jobs that a relay gave up: to look at, to send again, to throw away. */
  readonly deadLetters: DeadLetters;
}

export interface UseCaseCoreOptions<Services = object> {
  readonly driver: Driver;
  /** Answers `permission` policies. A core without one does not execute use cases that have any. */
  readonly authorizer?: Authorizer | undefined;
  readonly logger?: Logger | undefined;
  /** Is told what calls do: for traces and metrics. */
  readonly observer?: Observer | undefined;
  readonly clock?: (() => Date) | undefined;
  /** Makes ids of rows, messages and audit; they must be uuids. Default: version 7. */
  readonly newId?: (() => string) | undefined;
  /** What handlers may ask for with `uses:`. */
  readonly services?: Services | undefined;
  /** The Postgres schema of the runtime's own tables; default: where the search path leads. */
  readonly schema?: string | undefined;
  /** Keys the hashes by which secret fields take part in fingerprints; the same in every process, and not in the database. */
  readonly secretKey?: string | undefined;
}

/**
 * Executes use cases.
 * @example const core = createUseCaseCore({ driver: nodePostgres(new Pool({ pipeline: true })), authorizer });
 */
export function createUseCaseCore<Services = object>(options: UseCaseCoreOptions<Services>): UseCaseCore<Services> {
  const runtime: Runtime = {
    driver: options.driver,
    authorizer: options.authorizer,
    logger: options.logger ?? silentLogger,
    observer: options.observer,
    clock: options.clock ?? (() => new Date()),
    newId: options.newId ?? uuidV7,
    services: options.services,
    secretKey: options.secretKey,
    names: ownNames(options.schema),
  };
  const prepared = new WeakMap<AnyUseCase, PreparedUseCase>();
  const prepare = (useCase: AnyUseCase): PreparedUseCase => {
    const known = prepared.get(useCase) ?? prepareUseCase(runtime, useCase);
    prepared.set(useCase, known);
    return known;
  };
  const run = async <T extends UseCaseTypes>(useCase: UseCase<T>, command: unknown, context: ExecuteContext) => {
    const ready = prepare(useCase);
    const kind = ready.definition.query ? executeQuery : execute;
    const answer = await watched(runtime, ready, context, (watch) => kind(runtime, ready, command, context, watch));
    // What the handler returned or an earlier call stored: `defineHandler` has typed both.
    return answer as Executed<T["result"]>;
  };
  return {
    execute: run,
    async tryExecute<T extends UseCaseTypes>(useCase: UseCase<T>, command: T["commandInput"], context: T["context"]) {
      try {
        return { ok: true, ...(await run(useCase, command, context)) };
      } catch (error) {
        if (!(error instanceof UseCaseError) || error.useCase !== useCase.name) throw error;
        return { ok: false, error: error.toJSON() as T["error"] };
      }
    },
    async can<T extends UseCaseTypes>(useCase: UseCase<T>, command: T["commandInput"], context: T["context"]) {
      return (await can(runtime, prepare(useCase), command, context)) as Can<T["error"]>;
    },
    explain: (useCase) => renderExplanation(explain(runtime.names, prepare(useCase))),
    explanation: (useCase) => explain(runtime.names, prepare(useCase)),
    sweep: () => sweep(runtime),
    gauges: () => gauges(runtime),
    audit: auditLog(runtime),
    deadLetters: deadLetters(runtime),
  };
}
