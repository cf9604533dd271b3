import { type MessageTrigger, sentBy, triggerKey } from "../spec/find-message.js";
import type { Project, UseCase } from "../spec/model.js";

/** The names that a trigger of this kind could wait for. */
export function messageNames({ useCases }: Project, trigger: MessageTrigger): readonly string[] {
  return [...new Set(useCases.flatMap((useCase) => sentBy(useCase, trigger).map(({ name }) => name)))];
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
