import { messageKey, triggerKey } from "../spec/find-message.js";
import { fieldsJsonSchema } from "../spec/json-schema.js";
import type { Project, UseCase } from "../spec/model.js";
import { needsHandler } from "../spec/needs-handler.js";
import { type HandlerRecord, handlerRecord } from "./handler/handler-record.js";

/** What the files of all use cases are made from, of one: kept, so that no run has to look into all of them. */
export interface UseCaseFacts {
  readonly name: string;
  /** What its handler is to be; undefined where it needs none. */
  readonly handler: HandlerRecord | undefined;
  /** That it loads or writes. */
  readonly tables: readonly string[];
  /** The shared types that its command has. */
  readonly types: readonly string[];
  /** The messages that it sends, and those that start it, by their keys. */
  readonly sends: readonly string[];
  readonly startedBy: readonly string[];
}

export function factsOf(useCase: UseCase, project: Pick<Project, "types">): UseCaseFacts {
  const { name, loads, writes, command, events, jobs, triggers } = useCase;
  const tables = loads.flatMap((load) =>
    load.kind === "table" ? [load.table.name] : load.kind === "sequence" ? load.sequence.split(".").slice(0, 1) : [],
  );
  return {
    name,
    handler: needsHandler(useCase) ? handlerRecord(useCase) : undefined,
    tables: [...new Set([...tables, ...writes.map(({ table }) => table.name)])].sort(),
    types: [...fieldsJsonSchema(project, command).references].sort(),
    sends: [...events, ...jobs].map(messageKey),
    startedBy: triggers.flatMap((trigger) => (trigger.kind === "schedule" ? [] : [triggerKey(trigger)])),
  };
}
