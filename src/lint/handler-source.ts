import { existsSync, readFileSync } from "node:fs";
import type { Project, UseCase } from "../spec/model.js";
import { kebabCase } from "../spec/names.js";

/** Whether a handler is as it was scaffolded, so that it says nothing yet. */
export function isUnwritten(handler: string | Buffer): boolean {
  return handler.includes("notImplemented(");
}

/** The text of the user's handler for a use case; undefined while there is none, or it is as it was scaffolded. */
export function readHandlerSource({ root, config }: Project, { name }: UseCase): string | undefined {
  const kebab = kebabCase(name);
  const file = `${root}/${config.out}/${kebab}/${kebab}.handler.ts`;
  // Asked first, because a failed reading takes ten times as long.
  if (!existsSync(file)) return undefined;
  try {
    const text = readFileSync(file, "utf8");
    return isUnwritten(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
