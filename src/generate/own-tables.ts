import { readFileSync } from "node:fs";
import { isCompiled, packageFile } from "../spec/package-file.js";
import type { OwnTables } from "./describe-own-tables.js";

export interface KnownTables extends Pick<OwnTables, "hash"> {
  describe(): Promise<OwnTables>;
}

/** As `describeOwnTables` has it. Without a schema of their own, our tables are the same everywhere: the build has described them. */
export async function ownTables(schema: string | undefined): Promise<KnownTables> {
  if (schema === undefined && isCompiled) {
    const built: OwnTables = JSON.parse(readFileSync(packageFile("dist/generate/own-tables.json"), "utf8"));
    return { hash: built.hash, describe: async () => built };
  }
  const { describeOwnTables, hashOfOwnTables } = await import("./describe-own-tables.js");
  return { hash: hashOfOwnTables(schema), describe: () => describeOwnTables(schema) };
}
