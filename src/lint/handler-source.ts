import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Project, UseCase } from "../spec/model.js";
import { kebabCase } from "../spec/names.js";

/** The text of the user's handler for a use case; undefined while there is none, or it is as it was scaffolded. */
export function readHandlerSource({ root, config }: Project, { name }: UseCase): string | undefined {
  const kebab = kebabCase(name);
  try {
    const text = readFileSync(join(root, config.out, kebab, `${kebab}.handler.ts`), "utf8");
    return text.includes("notImplemented(") ? undefined : text;
  } catch {
    return undefined;
  }
}
