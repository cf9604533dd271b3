import type { Field, Project, Type } from "../../spec/model.js";
import { resolveType } from "../../spec/resolve-type.js";

/** The paths of a command's secret fields, with dots; those of every item of a list by the list's name: `cards.number`. */
export function secretFields(fields: readonly Field[], project: Pick<Project, "types">): readonly string[] {
  return pathsIn(fields, project, 0);
}

/** A type that contains itself is followed this far. */
const deepest = 8;

function pathsIn(fields: readonly Field[], project: Pick<Project, "types">, depth: number): readonly string[] {
  const found: string[] = [];
  for (const { name, type } of fields) for (const path of pathsFrom(type, project, depth)) found.push(`${name}${path}`);
  return found;
}

/** What follows the name of a field of this type: nothing, where it is secret itself. */
function pathsFrom(type: Type, project: Pick<Project, "types">, depth: number): readonly string[] {
  const shape = resolveType(project, type);
  if (shape === undefined || depth > deepest) return [];
  if (shape.secret) return [""];
  if (shape.kind === "array") return pathsFrom(shape.items, project, depth + 1);
  return shape.kind === "object" ? pathsIn(shape.fields, project, depth + 1).map((path) => `.${path}`) : [];
}
