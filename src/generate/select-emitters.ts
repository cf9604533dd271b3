import { nearest } from "../spec/suggest.js";
import { ToolError } from "../spec/tool-error.js";
import { emitters } from "./emitters/registry.js";
import type { EmittedFile } from "./files/emitted-file.js";
import type { Manifest } from "./files/manifest.js";

/** A part of what is emitted, and the part of the manifest that is about it. */
export interface Selection {
  readonly emitted: readonly EmittedFile[];
  readonly manifest: Manifest;
  /** The rest of the manifest, which stays as it is. */
  readonly rest: Manifest;
}

/** What these emitters make; all, where none is named. */
export function selectEmitters(only: readonly string[] | undefined, emitted: readonly EmittedFile[], manifest: Manifest): Selection {
  const none: Manifest = { files: new Map(), unformatted: new Map(), handlers: new Map() };
  if (only === undefined) return { emitted, manifest, rest: none };
  const selected = emitted.filter(({ emitter }) => only.includes(emitter));
  const paths = new Set(selected.map(({ path }) => path));
  const part = <T>(map: ReadonlyMap<string, T>, isSelected: boolean) =>
    new Map([...map].filter(([path]) => paths.has(path) === isSelected));
  const { files, unformatted, handlers } = manifest;
  const withHandlers = only.includes("handler");
  return {
    emitted: selected,
    manifest: {
      ...manifest,
      files: part(files, true),
      unformatted: part(unformatted, true),
      handlers: withHandlers ? handlers : none.handlers,
    },
    rest: { files: part(files, false), unformatted: part(unformatted, false), handlers: withHandlers ? none.handlers : handlers },
  };
}

/** @throws ToolError for a name that no emitter has */
export function refuseUnknownEmitters(only: readonly string[] = []): void {
  const names = emitters.map(({ name }) => name);
  for (const name of only) {
    if (names.includes(name)) continue;
    const [best] = nearest(name, names);
    throw new ToolError("usage", `There is no emitter "${name}".`, {
      help: best === undefined ? `The emitters are ${names.join(", ")}.` : `Did you mean ${best}?`,
    });
  }
}
