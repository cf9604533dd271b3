import type { Project, Type } from "../spec/model.js";

/**
 * The names of the shared types that hold what `holds` is true of, at any depth. Worked out once for all types: they may
 * refer to each other in long chains, which every use case would have to walk.
 */
export function typesThatHold(types: Project["types"], holds: (type: Type) => boolean): ReadonlySet<string> {
  const usedBy = new Map<string, string[]>();
  const found = new Set<string>();
  const look = (owner: string, type: Type): void => {
    if (holds(type)) found.add(owner);
    if (type.kind === "array") look(owner, type.items);
    else if (type.kind === "object") for (const field of type.fields) look(owner, field.type);
    else if (type.kind === "reference") usedBy.set(type.name, [...(usedBy.get(type.name) ?? []), owner]);
  };
  for (const { name, type } of types) look(name, type);
  for (const name of found) for (const owner of usedBy.get(name) ?? []) found.add(owner);
  return found;
}
