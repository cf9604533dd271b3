import { posix } from "node:path";
import type { Config } from "../spec/model.js";
import { kebabCase } from "../spec/names.js";
import { pathSegment } from "./encode.js";

/** Where generated files are, relative to the project's root; each with the `.ts` that it has on disk. */
export interface Paths {
  readonly index: string;
  readonly types: string;
  /** The shared types' validators. */
  readonly typeValidators: string;
  useCase(name: string): UseCasePaths;
  repository(table: string): string;
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
  return {
    index: posix.join(out, "index.gen.ts"),
    types: posix.join(out, "types.gen.ts"),
    typeValidators: posix.join(out, "types.validator.gen.ts"),
    useCase(name) {
      const kebab = pathSegment(kebabCase(name));
      const file = (suffix: string) => posix.join(out, kebab, `${kebab}.${suffix}.ts`);
      return { definition: file("gen"), validator: file("validator.gen"), handler: file("handler"), test: file("test") };
    },
    repository: (table) => posix.join(out, "repositories", `${pathSegment(kebabCase(table))}.gen.ts`),
    importOf(from, to) {
      const way = posix.relative(posix.dirname(from), to);
      return `${way.startsWith(".") ? "" : "./"}${importedName(way, imports)}`;
    },
  };
}

/** `.mts` and `.cts` keep their own kind; a folder or a name without extension stays as it is. */
function importedName(path: string, imports: Config["imports"]): string {
  if (imports === ".ts") return path;
  return path.replace(/\.([mc]?)tsx?$/, (_, kind: string) => (imports === "none" && kind === "" ? "" : `.${kind}js`));
}
