import { messageKey, triggerKey } from "../spec/find-message.js";
import type { Project, Type, UseCase } from "../spec/model.js";
import { needsHandler } from "../spec/needs-handler.js";
import { findType } from "../spec/resolve-type.js";
import { recordOf } from "./handler/record-of.js";
import type { UseCaseFacts } from "./use-case-facts.js";

/** The facts of a use case, from its model. */
export function factsOf(useCase: UseCase, project: Pick<Project, "types">): UseCaseFacts {
  const { name, loads, writes, command, events, jobs, triggers } = useCase;
  const tables = loads.flatMap((load) =>
    load.kind === "table" ? [load.table.name] : load.kind === "sequence" ? load.sequence.split(".").slice(0, 1) : [],
  );
  return {
    name,
    handler: needsHandler(useCase) ? recordOf(useCase) : undefined,
    tables: [...new Set([...tables, ...writes.map(({ table }) => table.name)])].sort(),
    types: [...new Set(command.flatMap(({ type }) => sharedTypes(type, project)))].sort(),
    sends: [...events, ...jobs].map(messageKey),
    startedBy: triggers.flatMap((trigger) => (trigger.kind === "schedule" ? [] : [triggerKey(trigger)])),
  };
}

/** The shared types that a type names itself. */
function sharedTypes(type: Type, project: Pick<Project, "types">): readonly string[] {
  switch (type.kind) {
    case "reference":
      return findType(project, type.name) === undefined ? [] : [type.name];
    case "array":
      return sharedTypes(type.items, project);
    case "object":
      return type.fields.flatMap((field) => sharedTypes(field.type, project));
    default:
      return [];
  }
}
