import { hash } from "node:crypto";
import type { UseCase } from "../../spec/model.js";
import { handlerMembers, placesOf } from "./handler-members.js";
import type { HandlerRecord } from "./handler-record.js";

/** What the handler of a use case is to be, as its spec says it now. */
export function recordOf(useCase: UseCase): HandlerRecord {
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
  return { useCase: name, outline: hash("sha256", JSON.stringify(parts)).slice(0, 16), members };
}
