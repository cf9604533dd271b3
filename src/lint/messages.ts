import { type MessageTrigger, messageKey, sentBy, triggerKey } from "../spec/find-message.js";
import type { Project, Trigger, UseCase } from "../spec/model.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import type { Gatherer } from "./rule.js";

/** The names that a trigger of this kind could wait for. */
export function messageNames({ useCases }: Project, trigger: MessageTrigger): readonly string[] {
  return [...new Set(useCases.flatMap((useCase) => sentBy(useCase, trigger).map(({ name }) => name)))];
}

/** What starts a use case: events, jobs, schedules. */
export const triggers: Gatherer<readonly { readonly kind: Trigger["kind"]; readonly key: string }[]> = {
  id: "triggers",
  of: ({ useCase }) =>
    useCase.triggers.length === 0
      ? undefined
      : useCase.triggers.map((trigger) => ({ kind: trigger.kind, key: trigger.kind === "schedule" ? "" : triggerKey(trigger) })),
};

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

/** The events and jobs that start a use case: its expressions read what these carry, which other use cases say. */
export function startingMessages(useCase: UseCase): readonly string[] {
  return useCase.triggers.flatMap((trigger) => (trigger.kind === "schedule" ? [] : [triggerKey(trigger)]));
}

/** All that a use case sends. */
export const messagesSent: Gatherer<readonly string[]> = {
  id: "messages sent",
  of({ useCase: { events, jobs } }) {
    const keys = [...events, ...jobs].map(messageKey);
    return keys.length === 0 ? undefined : keys;
  },
};

/** The file of the first use case that sends each message. */
export function senders(checked: readonly CheckedUseCase[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { file, facts } of checked)
    for (const key of (facts[messagesSent.id] as readonly string[] | undefined) ?? []) if (!files.has(key)) files.set(key, file);
  return files;
}
