import { nearest } from "../spec/suggest.js";
import { ToolError } from "../spec/tool-error.js";
import type { Emitted } from "./emit-files.js";
import { emitters } from "./emitters/registry.js";
import type { EmittedFile, KeptFile } from "./files/emitted-file.js";
import type { Manifest } from "./files/manifest.js";

/** A part of what is emitted, and the part of the manifest that is about it. */
export interface Selection {
  readonly emitted: readonly EmittedFile[];
  readonly kept: readonly KeptFile[];
  readonly manifest: Manifest;
  /** The rest of the manifest, which stays as it is. */
  readonly rest: Manifest;
}

/** What these emitters make; all, where none is named. */
export function selectEmitters(
  only: readonly string[] | undefined,
  { files: emitted, kept }: Pick<Emitted, "files" | "kept">,
  manifest: Manifest,
): Selection {
  const isSelected = ({ emitter }: KeptFile) => only?.includes(emitter) === true;
  const none: Manifest = { files: new Map(), unformatted: new Map(), handlers: new Map() };
  if (only === undefined) return { emitted, kept, manifest, rest: none };
  const selected = { emitted: emitted.filter(isSelected), kept: kept.filter(isSelected) };
  const paths = new Set([...selected.emitted, ...selected.kept].map(({ path }) => path));
  const part = <T>(map: ReadonlyMap<string, T>, wanted: boolean) => new Map([...map].filter(([path]) => paths.has(path) === wanted));
  const { files, unformatted, handlers } = manifest;
  const withHandlers = only.includes("handler");
  return {
    ...selected,
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
