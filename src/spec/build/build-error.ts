import type { ErrorDeclaration, ErrorKind } from "../model.js";
import { buildFields } from "./build-type.js";
import { child, type Entry, isText, name, names, text } from "./cursor.js";

/** `conflict`, or `{ kind: conflict, message, details, constraint }`. */
export function buildError(at: Entry): ErrorDeclaration {
  const details = child(at, "details");
  const constraint = child(at, "constraint");
  return {
    path: at.path,
    file: at.file,
    name: at.key,
    kind: (isText(at) ? String(at.value) : (text(at, "kind") ?? "conflict")) as ErrorKind,
    message: text(at, "message"),
    details: details === undefined ? undefined : buildFields(details),
    constraints: constraint === undefined ? [] : isText(constraint) ? [name(constraint)] : names(constraint),
  };
}
