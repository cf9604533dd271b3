import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Project, UseCase } from "../spec/model.js";
import { kebabCase } from "../spec/names.js";

/** The text of the user's handler for a use case; undefined while there is none. */
export function readHandlerSource({ root, config }: Project, { name }: UseCase): string | undefined {
  const kebab = kebabCase(name);
  try {
    return readFileSync(join(root, config.out, kebab, `${kebab}.handler.ts`), "utf8");
  } catch {
    return undefined;
  }
}
