import type { Message, Project, Trigger, UseCase } from "./model.js";

export type MessageTrigger = Exclude<Trigger, { kind: "schedule" }>;

/** The event or job that a trigger waits for, with a use case that sends it. */
export function findMessage(
  { useCases }: Pick<Project, "useCases">,
  trigger: MessageTrigger,
): { readonly useCase: UseCase; readonly message: Message } | undefined {
  for (const useCase of useCases) {
    const message = sentBy(useCase, trigger).find((sent) => messageKey(sent) === triggerKey(trigger));
    if (message !== undefined) return { useCase, message };
  }
  return undefined;
}

/** One name for all messages that a trigger takes for the same. */
export function messageKey({ kind, name, version }: Pick<Message, "kind" | "name" | "version">): string {
  return kind === "job" ? `job ${name}` : `event ${name} ${version}`;
}

/** The same for the messages that a trigger waits for. */
export function triggerKey(trigger: MessageTrigger): string {
  return trigger.kind === "job"
    ? messageKey({ kind: "job", name: trigger.job, version: 1 })
    : messageKey({ kind: "event", name: trigger.event, version: trigger.version });
}

/** What a use case sends of the kind that a trigger waits for. */
export function sentBy({ events, jobs }: UseCase, { kind }: MessageTrigger): readonly Message[] {
  return kind === "job" ? jobs : events;
}
