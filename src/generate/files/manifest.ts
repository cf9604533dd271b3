import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "../../spec/tool-error.js";
import { type HandlerRecord, isHandlerRecord } from "../handler/handler-record.js";

/** What is ours is kept here; meant to be committed with it. */
export const manifestFile = ".usecase/manifest.json";

/** SHA-256 (hexadecimal) of generated files as they were written, by path. */
export type FileHashes = ReadonlyMap<string, string>;

export interface Manifest {
  /** Every generated file. */
  readonly files: FileHashes;
  /** What formatted files were made of, by path: see `unformattedHash`. */
  readonly unformatted: FileHashes;
  /** Every handler file, by path: whose it is, and what it is in step with. */
  readonly handlers: ReadonlyMap<string, HandlerRecord>;
  /** As it is on disk; undefined where there is none. */
  readonly text?: string;
}

/** @throws ToolError when the file is there but is not a manifest. */
export async function readManifest(root: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(root, manifestFile), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { files: new Map(), unformatted: new Map(), handlers: new Map() };
    throw new ToolError("files/unreadable", `${manifestFile} cannot be read.`, { cause: error });
  }
  const manifest = parsed(text);
  if (manifest === undefined) {
    throw new ToolError("files/unreadable", `${manifestFile} is not a manifest.`, {
      help: "Restore it from version control, or delete it and run again with --force.",
    });
  }
  return { ...manifest, text };
}

export function manifestText({ files, unformatted, handlers }: Manifest): string {
  // An entry in a line of its own: what has changed of a spec then shows in a difference.
  const part = <T>(name: string, map: ReadonlyMap<string, T>, view: (value: T) => unknown = (value) => value) => {
    const lines = [...map]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, value]) => `    ${JSON.stringify(path)}: ${JSON.stringify(view(value))}`);
    return `  "${name}": {${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `}}`;
  };
  const parts = [
    '  "version": 1',
    part("files", files),
    ...(unformatted.size === 0 ? [] : [part("unformatted", unformatted)]),
    part("handlers", handlers, ({ useCase, outline, members }) => ({ useCase, outline, members })),
  ];
  return `{\n${parts.join(",\n")}\n}\n`;
}

/** Of a text, that of its bytes in UTF-8. */
export function hashOf(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}

function parsed(text: string): Manifest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("files" in value)) return undefined;
    const isHash = (each: unknown): each is string => typeof each === "string";
    const files = entriesOf(value.files, isHash);
    // Only where there is a formatter.
    const unformatted = entriesOf("unformatted" in value ? value.unformatted : {}, isHash);
    // A manifest of before handlers were kept in it.
    const handlers = entriesOf("handlers" in value ? value.handlers : {}, isHandlerRecord);
    return files && unformatted && handlers && { files, unformatted, handlers };
  } catch {
    return undefined;
  }
}

function entriesOf<T>(value: unknown, isValue: (each: unknown) => each is T): ReadonlyMap<string, T> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const sound = entries.filter((entry): entry is readonly [string, T] => isValue(entry[1]));
  return sound.length === entries.length ? new Map(sound) : undefined;
}
