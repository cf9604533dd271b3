import type { ErrorDeclaration, ErrorKind } from "../model.js";
import { buildFields } from "./build-type.js";
import { type Cursor, child, isText, name, names, text } from "./cursor.js";

/** `conflict`, or `{ kind: conflict, message, details, constraint }`. */
export function buildError(errorName: string, at: Cursor): ErrorDeclaration {
  const details = child(at, "details");
  const constraint = child(at, "constraint");
  return {
    path: at.path,
    file: at.file,
    name: errorName,
    kind: (isText(at) ? String(at.value) : (text(child(at, "kind")) ?? "conflict")) as ErrorKind,
    message: text(child(at, "message")),
    details: details === undefined ? undefined : buildFields(details),
    constraints: constraint === undefined ? [] : isText(constraint) ? [name(constraint)] : names(constraint),
  };
}
