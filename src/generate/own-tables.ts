import { readFileSync } from "node:fs";
import { isCompiled, packageFile } from "../spec/package-file.js";
import type { OwnTables } from "./describe-own-tables.js";

/** What the build has described. */
export interface BuiltOwnTables {
  readonly unnamed: OwnTables;
  /** In `anySchema`. */
  readonly named: OwnTables;
}

/** Stands for the name of a schema, which is an identifier: no text that it is put into needs quotes or escapes for it. */
export const anySchema = "usecase_any_schema";

/** As `describeOwnTables` has it; the build has asked it. */
export async function ownTables(schema: string | undefined): Promise<OwnTables> {
  if (isCompiled) return builtOwnTables(schema);
  const { describeOwnTables } = await import("./describe-own-tables.js");
  return describeOwnTables(schema);
}

/** The same from what the build has described. */
export function builtOwnTables(schema: string | undefined): OwnTables {
  const text = readFileSync(packageFile("dist/generate/own-tables.json"), "utf8");
  const { unnamed, named } = JSON.parse(text.replaceAll(anySchema, schema ?? anySchema)) as BuiltOwnTables;
  return schema === undefined ? unnamed : named;
}
