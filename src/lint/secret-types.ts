import type { Project, Type } from "../spec/model.js";

/**
 * Whether a shared type has a secret in it, at any depth. Worked out once for all types: they may refer to each other in
 * long chains, which every use case would have to walk.
 */
export function holdsSecret({ types }: Pick<Project, "types">, name: string): boolean {
  let found = known.get(types);
  if (found === undefined) {
    found = secretTypes(types);
    known.set(types, found);
  }
  return found.has(name);
}

const known = new WeakMap<Project["types"], ReadonlySet<string>>();

function secretTypes(types: Project["types"]): ReadonlySet<string> {
  const usedBy = new Map<string, string[]>();
  const found = new Set<string>();
  const look = (owner: string, type: Type): void => {
    if (type.secret) found.add(owner);
    if (type.kind === "array") look(owner, type.items);
    else if (type.kind === "object") for (const field of type.fields) look(owner, field.type);
    else if (type.kind === "reference") usedBy.set(type.name, [...(usedBy.get(type.name) ?? []), owner]);
  };
  for (const { name, type } of types) look(name, type);
  for (const name of found) for (const owner of usedBy.get(name) ?? []) found.add(owner);
  return found;
}
