import type { Machine } from "../model.js";
import { type Cursor, child, entries, isText, name, text } from "./cursor.js";

export function buildMachine(at: Cursor): Machine {
  return {
    path: at.path,
    name: text(child(at, "machine")) ?? "",
    file: at.document.file,
    table: name(child(at, "table") ?? at),
    field: name(child(at, "field") ?? at),
    initial: name(child(at, "initial") ?? at),
    states: entries(child(at, "states")).map(([stateName, state]) => ({
      path: state.path,
      name: stateName,
      final: text(child(state, "type")) === "final",
      on: entries(child(state, "on")).map(([event, target]) => ({
        event,
        target: text(isText(target) ? target : child(target, "target")) ?? "",
        path: target.path,
      })),
    })),
  };
}
