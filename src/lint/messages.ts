import type { Message, Project, Trigger, UseCase } from "../spec/model.js";

type MessageTrigger = Exclude<Trigger, { kind: "schedule" }>;

/** The event or job that a trigger waits for, with a use case that sends it. */
export function findMessage(
  { useCases }: Project,
  trigger: MessageTrigger,
): { readonly useCase: UseCase; readonly message: Message } | undefined {
  for (const useCase of useCases) {
    const message = sentBy(useCase, trigger).find((sent) => messageKey(sent) === triggerKey(trigger));
    if (message !== undefined) return { useCase, message };
  }
  return undefined;
}

/** The names that a trigger of this kind could wait for. */
export function messageNames({ useCases }: Project, trigger: MessageTrigger): readonly string[] {
  return [...new Set(useCases.flatMap((useCase) => sentBy(useCase, trigger).map(({ name }) => name)))];
}

/** One name for all messages that a trigger takes for the same. */
export function messageKey({ kind, name, version }: Pick<Message, "kind" | "name" | "version">): string {
  return kind === "job" ? `job ${name}` : `event ${name} ${version}`;
}

/** The use cases that each message starts, by its key. */
export function startedBy(useCases: readonly UseCase[]): ReadonlyMap<string, readonly UseCase[]> {
  const started = new Map<string, UseCase[]>();
  for (const useCase of useCases)
    for (const trigger of useCase.triggers) {
      if (trigger.kind === "schedule") continue;
      const key = triggerKey(trigger);
      started.set(key, [...(started.get(key) ?? []), useCase]);
    }
  return started;
}

function triggerKey(trigger: MessageTrigger): string {
  return trigger.kind === "job"
    ? messageKey({ kind: "job", name: trigger.job, version: 1 })
    : messageKey({ kind: "event", name: trigger.event, version: trigger.version });
}

const sentBy = ({ events, jobs }: UseCase, { kind }: MessageTrigger) => (kind === "job" ? jobs : events);
