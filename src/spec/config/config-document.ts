import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { pathToFileURL } from "node:url";
import { importModule } from "../import-module.js";
import type { JsonValue } from "../model.js";
import { ToolError } from "../tool-error.js";
import { readYaml } from "../yaml/read-yaml.js";
import type { YamlDocument } from "../yaml/yaml-document.js";

/**
 * The configuration as a document. A module (`.ts`, `.js`) is run, and its default export is the value: it has no
 * places inside.
 * @throws ToolError when it cannot be read or run.
 */
export async function readConfigDocument(file: string, override?: string): Promise<YamlDocument> {
  const name = basename(file);
  if (hasPlaces(file)) return readYaml(name, override ?? (await bytesOf(file)));
  const value = await defaultExport(file);
  return withoutPlaces(name, (await bytesOf(file)).toString("utf8"), value);
}

/** The same as far as places and texts go, for a text that has been read. */
export function readConfigText(name: string, text: string): YamlDocument {
  return hasPlaces(name) ? readYaml(name, text) : withoutPlaces(name, text, undefined);
}

function withoutPlaces(file: string, text: string, value: JsonValue | undefined): YamlDocument {
  return { file, text, root: undefined, aliases: new Map(), value, faults: [], doubtful: [] };
}

/** Whether the file is read as it stands, so that its mistakes have lines and columns. */
export function hasPlaces(file: string): boolean {
  return [".yaml", ".yml", ".json"].includes(extname(file));
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new ToolError("config/unreadable", `The configuration ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function defaultExport(file: string): Promise<JsonValue> {
  let exported: unknown;
  try {
    if (extname(file) === ".js" || extname(file) === ".mjs") {
      exported = ((await importModule(pathToFileURL(file).href)) as { readonly default?: unknown }).default;
    } else {
      const { createJiti } = await import("jiti");
      exported = await createJiti(import.meta.url).import(file, { default: true });
    }
  } catch (cause) {
    throw new ToolError("config/unreadable", `The configuration ${file} cannot be run: ${(cause as Error).message}`, { cause });
  }
  try {
    const plain = JSON.stringify(exported);
    if (plain !== undefined) return JSON.parse(plain) as JsonValue;
  } catch (cause) {
    throw new ToolError("config/invalid", `The configuration ${file} is no plain data: ${(cause as Error).message}`, { cause });
  }
  throw new ToolError("config/invalid", `The configuration ${file} has no default export.`, {
    help: "Write `export default { schema: … }`.",
  });
}
