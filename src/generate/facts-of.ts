import { messageKey, triggerKey } from "../spec/find-message.js";
import type { Project, UseCase } from "../spec/model.js";
import { needsHandler } from "../spec/needs-handler.js";
import { findType } from "../spec/resolve-type.js";
import { referencesInFields } from "../spec/type-references.js";
import { recordOf } from "./handler/record-of.js";
import type { UseCaseFacts } from "./use-case-facts.js";

/** The facts of a use case, from its model. */
export function factsOf(useCase: UseCase, project: Pick<Project, "types">): UseCaseFacts {
  const { name, loads, writes, command, events, jobs, triggers } = useCase;
  const tables = loads.flatMap((load) =>
    load.kind === "table" ? [load.table.name] : load.kind === "sequence" ? load.sequence.split(".").slice(0, 1) : [],
  );
  const named = new Set(Array.from(referencesInFields(command), (reference) => reference.name));
  return {
    name,
    handler: needsHandler(useCase) ? recordOf(useCase) : undefined,
    tables: [...new Set([...tables, ...writes.map(({ table }) => table.name)])].sort(),
    types: [...named].filter((type) => findType(project, type) !== undefined).sort(),
    sends: [...events, ...jobs].map(messageKey),
    startedBy: triggers.flatMap((trigger) => (trigger.kind === "schedule" ? [] : [triggerKey(trigger)])),
  };
}
