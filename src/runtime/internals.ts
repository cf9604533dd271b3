// Within the runtime a use case's types are erased: names of loads, columns and events are plain strings here, and the
// generated types have seen to it that they fit. `internalsOf` is the one place where that is taken on trust.
import type { Actor, ExecuteContext } from "./context.js";
import type {
  AdvisoryLock,
  Condition,
  Deletion,
  Load,
  Message,
  Operators,
  Policy,
  SequenceLoad,
  Transition,
  Trigger,
  UseCaseDefinition,
  Where,
} from "./definition.js";
import type { Refusal } from "./errors.js";
import type { AnyRepository } from "./repository.js";
import type { AnyUseCase, OutcomeScope, PayloadScope, PrepareInput, Scope } from "./use-case.js";

export type Fields = Readonly<Record<string, unknown>>;

/** The types interface of any use case. */
export interface Erased {
  readonly commandInput: Fields;
  readonly command: Fields;
  readonly context: ErasedContext;
  readonly state: Readonly<Record<string, Fields>>;
  readonly writes: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome;
  readonly result: Fields;
  readonly events: Readonly<Record<string, Fields>>;
  readonly jobs: Readonly<Record<string, Fields>>;
  readonly refusal: Refusal;
  readonly error: Refusal;
  readonly prepare?: Fields | undefined;
}

export interface ErasedContext extends ExecuteContext {
  readonly actor: Actor & { readonly tenantId: string };
}

/** What a handler returns, before it is looked at. */
export interface Outcome {
  readonly result?: Fields | undefined;
  readonly events?: Readonly<Record<string, unknown>> | undefined;
  readonly jobs?: Readonly<Record<string, unknown>> | undefined;
}

export type Definition = UseCaseDefinition<Erased>;
export type ErasedLoad = Load<Erased, Fields>;
export type ErasedLock = AdvisoryLock<Erased>;
export type ErasedSequence = SequenceLoad<Erased>;
export type ErasedDeletion = Deletion<Erased, Fields>;
export type ErasedWhere = Where<Erased, Fields>;
export type ErasedCondition = Condition<Erased, unknown>;
export type ErasedOperators = Operators<Erased, unknown>;
export type ErasedPolicy = Policy<Erased>;
export type ErasedTransition = Transition<Erased>;
export type ErasedMessage = Message<Erased, Fields>;
export type ErasedTrigger = Trigger<Erased>;
export type ErasedScope = Scope<Erased>;
export type ErasedOutcomeScope = OutcomeScope<Erased>;
export type ErasedPayloadScope = PayloadScope<Erased, Fields>;

/** What the loads gave: by name a row, null, an array of rows, or a map of them. */
export type State = Readonly<Record<string, unknown>>;

export interface ErasedHandler {
  readonly prepare?: Readonly<Record<string, (input: PrepareInput<Erased>) => unknown>>;
  readonly checks?: Readonly<Record<string, (scope: ErasedScope) => unknown>>;
  readonly apply?: (input: ErasedScope & Fields) => Outcome | Promise<Outcome>;
}

export interface Internals {
  readonly definition: Definition;
  readonly handler: ErasedHandler;
}

export function internalsOf(useCase: AnyUseCase): Internals {
  const { internals } = useCase;
  if (typeof internals !== "object" || internals === null || !("definition" in internals)) {
    throw new TypeError(`"${useCase.name}" is not a use case: make it with the generated defineHandler.`);
  }
  return internals as Internals;
}

/** The rows that a load gave, in its order: none for null. */
export function rowsOf(loaded: unknown): readonly Fields[] {
  if (loaded === null || loaded === undefined) return [];
  if (Array.isArray(loaded)) return loaded;
  return loaded instanceof Map ? [...loaded.values()] : [loaded as Fields];
}

/** The ids that a use case takes, by their names in the state. */
export function sequencesOf({ sequences = {} }: Definition): readonly (readonly [string, ErasedSequence])[] {
  return Object.entries(sequences).flatMap(([name, sequence]) => (sequence === undefined ? [] : [[name, sequence] as const]));
}

/** The deletes by condition, in the order of the spec. */
export function deletionsOf({ deletes = {} }: Definition): readonly ErasedDeletion[] {
  return Object.values(deletes).flatMap((deletion) => (deletion === undefined ? [] : [deletion]));
}

/** The repository of a load. */
export function repositoryOf(load: ErasedLoad): AnyRepository {
  return load.from;
}
