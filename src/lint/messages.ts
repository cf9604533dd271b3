import type { Message, Project, Trigger, UseCase } from "../spec/model.js";

type MessageTrigger = Exclude<Trigger, { kind: "schedule" }>;

/** The event or job that a trigger waits for, with a use case that sends it. */
export function findMessage(
  { useCases }: Project,
  trigger: MessageTrigger,
): { readonly useCase: UseCase; readonly message: Message } | undefined {
  for (const useCase of useCases) {
    const message = sentBy(useCase, trigger).find((sent) => isFor(sent, trigger));
    if (message !== undefined) return { useCase, message };
  }
  return undefined;
}

/** The names that a trigger of this kind could wait for. */
export function messageNames({ useCases }: Project, trigger: MessageTrigger): readonly string[] {
  return [...new Set(useCases.flatMap((useCase) => sentBy(useCase, trigger).map(({ name }) => name)))];
}

export function isFor({ kind, name, version }: Message, trigger: Trigger): boolean {
  if (trigger.kind !== kind) return false;
  return trigger.kind === "job" ? trigger.job === name : trigger.kind === "event" && trigger.event === name && trigger.version === version;
}

const sentBy = ({ events, jobs }: UseCase, { kind }: MessageTrigger) => (kind === "job" ? jobs : events);
