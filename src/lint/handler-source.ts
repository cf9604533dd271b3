import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Project, UseCase } from "../spec/model.js";
import { kebabCase } from "../spec/names.js";
import { once } from "./once.js";

/** Whether a handler is as it was scaffolded, so that it says nothing yet. */
export function isUnwritten(handler: string | Buffer): boolean {
  return handler.includes("notImplemented(");
}

/** Reads the user's handlers: undefined while there is none for a use case, or it is as it was scaffolded. */
export function handlerReader({ root, config }: Project): (useCase: UseCase) => string | undefined {
  const folder = join(root, config.out);
  // One list of the folders costs less than to ask for each file, before any handler is there.
  const written = once(() => new Set(existsSync(folder) ? readdirSync(folder) : []));
  return ({ name }) => {
    const kebab = kebabCase(name);
    if (!written().has(kebab)) return undefined;
    try {
      const text = readFileSync(join(folder, kebab, `${kebab}.handler.ts`), "utf8");
      return isUnwritten(text) ? undefined : text;
    } catch {
      return undefined;
    }
  };
}
