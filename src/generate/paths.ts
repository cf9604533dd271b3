import { posix } from "node:path";
import type { Config } from "../spec/model.js";
import { kebabCase } from "../spec/names.js";
import { oncePerName } from "../spec/once-per.js";
import { pathSegment } from "./encode.js";

/** Where generated files are, relative to the project's root; each with the `.ts` that it has on disk. */
export interface Paths {
  readonly index: string;
  readonly types: string;
  /** The shared types' validators. */
  readonly typeValidators: string;
  useCase(name: string): UseCasePaths;
  repository(table: string): string;
  /** What an import in the file of any use case says to mean a table's repository: it is as far from all of them. */
  repositoryImport(table: string): string;
  /** What an import in one file says to mean another (a module of the user, or a generated one). */
  importOf(from: string, to: string): string;
}

export interface UseCasePaths {
  readonly definition: string;
  readonly validator: string;
  readonly handler: string;
  readonly test: string;
}

export function pathsOf({ out, imports }: Pick<Config, "out" | "imports">): Paths {
  const repository = oncePerName((table) => posix.join(out, "repositories", `${pathSegment(kebabCase(table))}.gen.ts`));
  const importOf = (from: string, to: string) => {
    const way = wayFrom(from, to);
    return `${way.startsWith(".") ? "" : "./"}${importedName(way, imports)}`;
  };
  return {
    index: posix.join(out, "index.gen.ts"),
    types: posix.join(out, "types.gen.ts"),
    typeValidators: posix.join(out, "types.validator.gen.ts"),
    useCase: oncePerName((name) => {
      const kebab = pathSegment(kebabCase(name));
      const stem = `${posix.join(out, kebab, kebab)}.`;
      return { definition: `${stem}gen.ts`, validator: `${stem}validator.gen.ts`, handler: `${stem}handler.ts`, test: `${stem}test.ts` };
    }),
    repository,
    repositoryImport: oncePerName((table) => importOf(posix.join(out, "use-case/use-case.gen.ts"), repository(table))),
    importOf,
  };
}

/** From a file's folder to another file, both relative to the project's root. */
function wayFrom(from: string, to: string): string {
  // The root's own name says how to come back to what is above it.
  if (from.startsWith(".") || to.startsWith(".")) return posix.relative(posix.dirname(from), to);
  let folder = from.slice(0, from.lastIndexOf("/") + 1);
  let up = "";
  while (!to.startsWith(folder)) {
    folder = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
    up += "../";
  }
  return up + to.slice(folder.length);
}

/** `.mts` and `.cts` keep their own kind; a folder or a name without extension stays as it is. */
function importedName(path: string, imports: Config["imports"]): string {
  if (imports === ".ts") return path;
  const dot = path.lastIndexOf(".");
  switch (path.slice(dot)) {
    case ".ts":
    case ".tsx":
      return `${path.slice(0, dot)}${imports === "none" ? "" : ".js"}`;
    case ".mts":
    case ".mtsx":
      return `${path.slice(0, dot)}.mjs`;
    case ".cts":
    case ".ctsx":
      return `${path.slice(0, dot)}.cjs`;
    default:
      return path;
  }
}
