import type { Project } from "../spec/model.js";
import { typesThatHold } from "./types-that-hold.js";

/** Whether a shared type has a secret in it, at any depth. */
export function holdsSecret({ types }: Pick<Project, "types">, name: string): boolean {
  let found = known.get(types);
  if (found === undefined) {
    found = typesThatHold(types, ({ secret }) => secret);
    known.set(types, found);
  }
  return found.has(name);
}

const known = new WeakMap<Project["types"], ReadonlySet<string>>();
