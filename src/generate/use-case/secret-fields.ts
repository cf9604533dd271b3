import type { Field, Project, Type } from "../../spec/model.js";
import { resolveType } from "../../spec/resolve-type.js";

/** The paths of a command's secret fields, with dots; those of every item of a list by the list's name: `cards.number`. */
export function secretFields(fields: readonly Field[], project: Pick<Project, "types">): readonly string[] {
  return fields.flatMap(({ name, type }) => paths(type, name, project, 0));
}

/** A type that contains itself is followed this far. */
const deepest = 8;

function paths(type: Type, path: string, project: Pick<Project, "types">, depth: number): readonly string[] {
  const shape = resolveType(project, type);
  if (shape === undefined || depth > deepest) return [];
  if (shape.secret) return [path];
  if (shape.kind === "array") return paths(shape.items, path, project, depth + 1);
  return shape.kind === "object" ? shape.fields.flatMap((field) => paths(field.type, `${path}.${field.name}`, project, depth + 1)) : [];
}
