import { existsSync, readFileSync } from "node:fs";
import { join, posix, relative, resolve, sep } from "node:path";

/** What a project's drizzle-kit configuration says; paths are relative to the project, with `/`. */
export interface DrizzleConfig {
  readonly file: string;
  readonly schema: readonly string[];
  /** The migrations folder; drizzle-kit's default is `drizzle`. */
  readonly out: string;
}

const configs = ["ts", "mts", "js", "mjs", "cjs", "json"].map((extension) => `drizzle.config.${extension}`);

/** Where a Drizzle schema usually is. */
const usualPlaces = ["src/", "", "src/lib/", "lib/", "src/server/", "server/", "app/"]
  .flatMap((base) =>
    ["db/schema.ts", "db/schema/index.ts", "db/schema", "database/schema.ts", "drizzle/schema.ts", "schema.ts"].map(
      (place) => base + place,
    ),
  )
  .sort((a, b) => a.split("/").length - b.split("/").length);

/** The drizzle-kit configuration, as far as it can be told; undefined where there is none. */
export async function findDrizzleConfig(root: string): Promise<DrizzleConfig | undefined> {
  const file = configs.find((name) => existsSync(join(root, name)));
  if (file === undefined) return undefined;
  const config = (await run(join(root, file))) ?? textually(readFileSync(join(root, file), "utf8"));
  const paths = [config.schema ?? []].flat().filter((path): path is string => typeof path === "string");
  return {
    file,
    // A pattern is more than one path can say: its folder is.
    schema: paths.map((path) => fromRoot(root, path.replace(/\/?[^/]*[*{[].*$/, "") || ".")).filter((path) => path !== ""),
    out: typeof config.out === "string" ? fromRoot(root, config.out) : "drizzle",
  };
}

/** The first of the usual places where there is something. */
export function findSchema(root: string): string | undefined {
  return usualPlaces.find((place) => existsSync(join(root, place)));
}

interface Raw {
  readonly schema?: unknown;
  readonly out?: unknown;
}

/** It may want variables of the environment that are not there: then its text has to do. */
async function run(file: string): Promise<Raw | undefined> {
  try {
    const { createJiti } = await import("jiti");
    return await createJiti(file, { fsCache: false }).import<Raw>(file, { default: true });
  } catch {
    return undefined;
  }
}

function textually(text: string): Raw {
  const value = (key: string) => new RegExp(`\\b${key}\\s*:\\s*\\[?\\s*["'\`]([^"'\`]+)["'\`]`).exec(text)?.[1];
  return { schema: value("schema"), out: value("out") };
}

function fromRoot(root: string, path: string): string {
  return posix.normalize(relative(root, resolve(root, path)).split(sep).join("/"));
}
