import { payloadType } from "../spec/expression/scope.js";
import type { Message, Project, UseCase } from "../spec/model.js";
import type { Gathered, OnReport } from "./rule.js";
import { differingFields } from "./same-type.js";

/** Whether any two use cases send the same message. */
export function isSentTwice(sent: readonly Gathered<readonly string[]>[]): boolean {
  const keys = sent.flatMap(({ fact }) => fact);
  return new Set(keys).size < keys.length;
}

/** Messages of one name and version whose payloads differ: reported at every one that differs from the first. */
export function reportTwoShapes(project: Project, of: "events" | "jobs", report: OnReport): void {
  const firsts = new Map<string, { readonly useCase: UseCase; readonly message: Message }>();
  for (const useCase of project.useCases)
    for (const message of useCase[of]) {
      const version = of === "events" ? ` version ${message.version}` : "";
      const first = firsts.get(`${message.name}${version}`);
      if (first === undefined) {
        firsts.set(`${message.name}${version}`, { useCase, message });
        continue;
      }
      const fields = differingFields(payloadType(project, useCase, message), payloadType(project, first.useCase, first.message));
      if (fields.length === 0) continue;
      report({
        at: { path: message.path, file: message.file ?? useCase.file },
        on: "key",
        message: `${message.name}${version} has another payload here than in ${first.useCase.name}: ${fields.join(", ")}.`,
        help:
          of === "events"
            ? "Give it another version, or declare it once in a shared file."
            : "Give it another name, or declare it once in a shared file.",
        related: [
          {
            message: `as ${first.useCase.name} sends it`,
            at: { path: first.message.path, file: first.message.file ?? first.useCase.file, on: "key" },
          },
        ],
      });
    }
}
