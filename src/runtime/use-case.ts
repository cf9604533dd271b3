// What a use case is made of, as types. One interface per use case (the "types" interface, e.g. `MoveInventory`)
// is the single type parameter of everything below: the compiler compares and caches it by identity, and a hover
// prints `UseCase<MoveInventory>`.
import type { ExecuteContext } from "./context.js";
import type { Refusal, RefusalDetails } from "./errors.js";
import type { Logger } from "./ports.js";
import type { StandardSchemaV1 } from "./standard-schema.js";

/** The members that a generated types interface gives; nothing here exists at run time. */
export interface UseCaseTypes {
  /** What the caller may send: fields with a default are optional. */
  readonly commandInput: object;
  /** The validated command, defaults applied. */
  readonly command: object;
  readonly context: ExecuteContext;
  readonly state: object;
  readonly writes: object;
  /** What the handler returns. */
  readonly outcome: object;
  readonly result: object;
  /** The whole payload of each event and job, computed fields included. */
  readonly events: object;
  readonly jobs: object;
  /** The declared errors: those a handler may reject with. */
  readonly refusal: Refusal;
  /** Everything that `execute` may throw as a UseCaseError: the declared errors and the built-in ones. */
  readonly error: Refusal;
  /** What `uses:` names, from the project's Services. */
  readonly services?: object;
  /** What the functions of `prepare:` returned, by their names. */
  readonly prepare?: object | undefined;
  /** Drizzle over the transaction, where the spec asks for it. */
  readonly tx?: object;
}

declare const types: unique symbol;

/** A use case of any shape, as adapters that serve many of them take it. */
export interface AnyUseCase {
  readonly name: string;
  /** The command as a Standard Schema: give it to tRPC, a form library, a server action. */
  readonly command: StandardSchemaV1;
  /** Opaque; read by the core. */
  readonly internals: unknown;
}

/** A definition with its handler: what `core.execute` takes. Made by the generated `defineHandler`. */
export interface UseCase<T extends UseCaseTypes> extends AnyUseCase {
  readonly command: StandardSchemaV1<T["commandInput"], T["command"]>;
  /** Only for the compiler. */
  readonly [types]?: T | undefined;
}

/** What a policy, a computed value or a check sees. */
export interface Scope<T extends UseCaseTypes> {
  readonly command: T["command"];
  readonly state: T["state"];
  readonly actor: T["context"]["actor"];
  /** Read once per call. */
  readonly now: Date;
  /** Of a use case without `prepare:` unknown, and undefined. */
  readonly prepare: T["prepare"];
}

/** What a computed value of results, events, jobs and audit sees: the scope, and what the handler decided. */
export interface OutcomeScope<T extends UseCaseTypes> extends Scope<T> {
  readonly result: T["result"];
}

/** What the key of an event or job sees: the payload too. */
export interface PayloadScope<T extends UseCaseTypes, Payload> extends OutcomeScope<T> {
  readonly payload: Payload;
}

/** What `apply` receives. */
export interface HandlerInput<T extends UseCaseTypes> extends Scope<T> {
  /** Queues changes; they are written after `apply` returns, with the audit, events and jobs, in one statement. */
  readonly writes: T["writes"];
  /** A fresh uuid v7. */
  newId(): string;
  /** A URL-safe random token of this many bytes (default 32, so 43 characters). */
  randomToken(bytes?: number): string;
  /** Refuses with a declared error. Throws: write `return reject(…)`, or `value ?? reject(…)`. */
  readonly reject: Reject<T["refusal"]>;
  /** The core's logger, with use case, correlation id and actor bound. */
  readonly log: Logger;
  /**
   * Drizzle over the call's own transaction, where the spec has `tx`; else unknown, and undefined. What is queued is
   * written before each of its queries, so that they see it.
   */
  readonly tx: T["tx"];
}

export type Reject<R extends Refusal> = <Code extends R["code"]>(code: Code, ...details: RefusalDetails<R, Code>) => never;

/** A pure function that the handler file gives for a `check:` policy. */
export type Check<T extends UseCaseTypes> = (input: Scope<T>) => boolean;

/** The same where the error has details: `true`, or the details of the refusal. */
export type DetailedCheck<T extends UseCaseTypes, Details> = (input: Scope<T>) => true | { readonly details: Details };

/** What a function of `prepare:` receives. No row has been read, and no transaction has begun. */
export interface PrepareInput<T extends UseCaseTypes> {
  readonly command: T["command"];
  readonly actor: T["context"]["actor"];
  readonly now: Date;
  readonly services: T["services"];
  /**
   * The call's key, for whoever outside takes one: the function may run more than once for it. Undefined where the use
   * case has no idempotency.
   */
  readonly idempotencyKey: string | undefined;
  /** Aborted when the time is up, when the caller gives up, or when another function has failed. */
  readonly signal: AbortSignal;
  /** Refuses with a declared error, as a handler does. */
  readonly reject: Reject<T["refusal"]>;
  readonly log: Logger;
}

/** A function that the handler file gives for `prepare:`. Its value is not validated: parse what comes from outside. */
export type Prepare<T extends UseCaseTypes, Value> = (input: PrepareInput<T>) => Value | Promise<Value>;

/** What `bindHandler` takes; generated files state it in full, per use case. */
export interface Handler<T extends UseCaseTypes> {
  readonly prepare?: object;
  readonly checks?: object;
  apply(input: HandlerInput<T>): T["outcome"] | Promise<T["outcome"]>;
}
