import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "../../spec/tool-error.js";

/** Where the hashes of generated files are kept; meant to be committed with them. */
export const manifestFile = ".usecase/manifest.json";

/** SHA-256 (hexadecimal) of every generated file as it was written, by path. */
export type Manifest = ReadonlyMap<string, string>;

/** @throws ToolError when the file is there but is not a manifest. */
export async function readManifest(root: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(root, manifestFile), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw new ToolError("files/unreadable", `${manifestFile} cannot be read.`, { cause: error });
  }
  const files = parsed(text);
  if (files === undefined) {
    throw new ToolError("files/unreadable", `${manifestFile} is not a manifest.`, {
      help: "Restore it from version control, or delete it and run again with --force.",
    });
  }
  return new Map(Object.entries(files));
}

export function manifestText(manifest: Manifest): string {
  const files = Object.fromEntries([...manifest].sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: 1, files }, undefined, 2)}\n`;
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function parsed(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("files" in value)) return undefined;
    const { files } = value;
    if (typeof files !== "object" || files === null || !Object.values(files).every((hash) => typeof hash === "string")) return undefined;
    return files as Record<string, string>;
  } catch {
    return undefined;
  }
}
