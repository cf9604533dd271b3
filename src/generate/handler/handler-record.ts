import { createHash } from "node:crypto";
import type { UseCase } from "../../spec/model.js";
import { handlerMembers, placesOf } from "./handler-members.js";

/** What the manifest keeps of a handler file. */
export interface HandlerRecord {
  readonly useCase: string;
  /** Names what the use case is apart from its name, so that it is known again under another. */
  readonly outline: string;
  /** What its spec asked of it when it was last in step: `checks.withinHours`, `result.note?`. */
  readonly members: readonly string[];
}

export function handlerRecord(useCase: UseCase): HandlerRecord {
  const { name, kind, command, loads, writes, errors, transitions, events, jobs } = useCase;
  const members = placesOf(handlerMembers(useCase));
  const names = (list: readonly { readonly name: string }[]) => list.map((each) => each.name);
  const parts = [
    kind,
    names(command),
    loads.map((load) => [load.name, load.kind === "table" ? load.table.name : load.kind]),
    writes.map(({ table }) => table.name),
    names(errors),
    transitions.map(({ machine, event }) => [machine.name, event.name]),
    names(events),
    names(jobs),
    members,
  ];
  return { useCase: name, outline: createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16), members };
}

export function isHandlerRecord(value: unknown): value is HandlerRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "useCase" in value &&
    typeof value.useCase === "string" &&
    "outline" in value &&
    typeof value.outline === "string" &&
    "members" in value &&
    Array.isArray(value.members) &&
    value.members.every((each) => typeof each === "string")
  );
}
