import { UseCaseError } from "../errors.js";
import { type Erased, type ErasedTrigger, type Fields, internalsOf } from "../internals.js";
import type { AnyUseCase, UseCase } from "../use-case.js";
import type { RelayMessage } from "./message.js";
import { actorFor, causedBy } from "./run-job.js";

/** A core, to whoever knows nothing of a use case's types. */
export interface ErasedCore {
  execute(useCase: UseCase<Erased>, command: Fields, context: object): Promise<unknown>;
}

export type ScheduleTrigger = Extract<ErasedTrigger, { schedule: string }>;

/** A use case and one of the triggers that start it. */
export interface Triggered<Trigger extends ErasedTrigger = ErasedTrigger> {
  readonly useCase: AnyUseCase;
  readonly trigger: Trigger;
}

/** What starts which use case. */
export function triggersOf(useCases: readonly AnyUseCase[]): readonly Triggered[] {
  return useCases.flatMap((useCase) => (internalsOf(useCase).definition.triggers ?? []).map((trigger) => ({ useCase, trigger })));
}

/** Who is started by a message, by the name that `startedBy` gives. */
export function triggersByMessage(triggered: readonly Triggered[]): ReadonlyMap<string, readonly Triggered[]> {
  const byMessage = new Map<string, readonly Triggered[]>();
  for (const each of triggered) {
    const name = nameOf(each);
    byMessage.set(name, [...(byMessage.get(name) ?? []), each]);
  }
  return byMessage;
}

/** What the messages that start a use case have in common. */
export function startedBy({ kind, type, version, payload }: RelayMessage): string {
  if (kind === "event") return `event ${type} ${version}`;
  return kind === "job" ? `job ${type}` : `schedule ${type} ${(payload as SlotPayload).schedule}`;
}

function nameOf({ useCase, trigger }: Triggered): string {
  if ("event" in trigger) return `event ${trigger.event} ${trigger.version}`;
  return "job" in trigger ? `job ${trigger.job}` : `schedule ${useCase.name} ${trigger.schedule}`;
}

/** What a slot of a schedule is in the outbox. */
export interface SlotPayload {
  readonly schedule: string;
  /** RFC 3339. */
  readonly slot: string;
}

/** Calls the use case, once for a message however often it comes: the message is the idempotency key. */
export async function runTriggered(core: ErasedCore, { useCase, trigger }: Triggered, message: RelayMessage): Promise<void> {
  const { id, payload } = message;
  const context = {
    ...causedBy(message),
    actor: actorFor(message, {
      type: "system",
      id: "event" in trigger ? trigger.event : "job" in trigger ? trigger.job : trigger.schedule,
    }),
    idempotencyKey: "schedule" in trigger ? `${trigger.schedule} ${(payload as SlotPayload).slot}` : id,
  };
  try {
    // Generated code has typed what the trigger makes of the payload, or lint has seen that the payload is the command.
    await core.execute(useCase as UseCase<Erased>, commandOf(trigger, message), context);
  } catch (error) {
    const settled = error instanceof UseCaseError && error.useCase === useCase.name && trigger.ignore?.some((code) => code === error.code);
    if (settled !== true) throw error;
  }
}

function commandOf(trigger: ErasedTrigger, { id, payload }: RelayMessage): Fields {
  if ("schedule" in trigger) return trigger.command({ slot: new Date((payload as SlotPayload).slot) });
  if ("event" in trigger) return trigger.command?.({ event: { id, payload } }) ?? (payload as Fields);
  return trigger.command?.({ job: { id, payload } }) ?? (payload as Fields);
}
