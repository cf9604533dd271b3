import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Project, UseCase } from "../spec/model.js";
import { kebabCase } from "../spec/names.js";
import { once } from "./once.js";

/** Reads the user's handlers: undefined while there is none for a use case, or it is as it was scaffolded. */
export function handlerReader({ root, config }: Project): (useCase: UseCase) => string | undefined {
  const out = join(root, config.out);
  // One list of the folders costs less than to ask for each file, before any handler is there.
  const folders = once(() => new Set(foldersIn(out)));
  return ({ name }) => {
    const folder = kebabCase(name);
    return folders().has(folder) ? readHandler(out, folder) : undefined;
  };
}

/** The handlers that somebody has written, by the names of their folders in that of the generated code; sorted. */
export function handlersIn(out: string): readonly (readonly [folder: string, text: string])[] {
  return foldersIn(out)
    .sort()
    .flatMap((folder) => {
      const text = readHandler(out, folder);
      return text === undefined ? [] : [[folder, text] as const];
    });
}

/** Files are among them only as far as they have no suffix. */
function foldersIn(out: string): string[] {
  try {
    return readdirSync(out).filter((name) => !name.includes("."));
  } catch {
    // No such folder yet.
    return [];
  }
}

function readHandler(out: string, folder: string): string | undefined {
  try {
    const text = readFileSync(`${out}/${folder}/${folder}.handler.ts`, "utf8");
    // As it was scaffolded, it says nothing yet.
    return text.includes("notImplemented(") ? undefined : text;
  } catch {
    return undefined;
  }
}
