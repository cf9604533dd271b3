import type { Machine } from "../model.js";
import { type Cursor, child, entries, isText, name, text } from "./cursor.js";

export function buildMachine(at: Cursor): Machine {
  return {
    path: at.path,
    name: text(at, "machine") ?? "",
    file: at.document.file,
    table: name(child(at, "table") ?? at),
    field: name(child(at, "field") ?? at),
    initial: name(child(at, "initial") ?? at),
    states: entries(child(at, "states")).map((state) => ({
      path: state.path,
      name: state.key,
      final: text(state, "type") === "final",
      on: entries(child(state, "on")).map((target) => ({
        event: target.key,
        target: isText(target) ? String(target.value) : (text(target, "target") ?? ""),
        path: target.path,
      })),
    })),
  };
}
