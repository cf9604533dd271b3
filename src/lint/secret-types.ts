import type { Project } from "../spec/model.js";
import { oncePer } from "../spec/once-per.js";
import { typesThatHold } from "./types-that-hold.js";

/** Whether a shared type has a secret in it, at any depth. */
export function holdsSecret({ types }: Pick<Project, "types">, name: string): boolean {
  return secretTypes(types).has(name);
}

const secretTypes = oncePer((types: Project["types"]) => typesThatHold(types, ({ secret }) => secret));
