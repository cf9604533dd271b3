import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { ToolError } from "../../spec/tool-error.js";

interface Place {
  /** Where it really is. */
  readonly real: string;
  readonly exists: boolean;
}

/** Folders, as far as has been looked: one look serves all files in a folder, and one that is not there has none. */
export type SeenFolders = Map<string, Place>;

/**
 * The absolute path of a file to be written: inside `folder` (relative to the root, with `/`), as the path says and as
 * the symbolic links on the way say.
 * @throws ToolError when it would leave the folder.
 */
export function safePath(root: string, folder: string, path: string): string {
  return safePlace(root, folder, path).target;
}

/** The same, and whether something is there. */
export function safePlace(
  root: string,
  folder: string,
  path: string,
  folders: SeenFolders = new Map(),
): { readonly target: string; readonly exists: boolean } {
  const base = join(root, folder);
  const target = join(root, path);
  if (!isInside(base, target) || path.includes("\0") || path.includes("\\")) throw refused(path, folder);
  let place: Place;
  let leadsInside: boolean;
  try {
    place = placeOf(target, folders);
    leadsInside = isInside(placeOfFolder(base, folders).real, place.real);
  } catch (cause) {
    throw refused(path, folder, `A symbolic link on the way leads nowhere. ${cause instanceof Error ? cause.message : ""}`.trim());
  }
  if (!leadsInside) throw refused(path, folder, "A symbolic link on the way leads elsewhere.");
  return { target, exists: place.exists };
}

/**
 * The absolute path of a file that an earlier run has written, wherever `out` led to then.
 * @throws ToolError when it is outside of the project, or has none of the names that we give.
 */
export function ownPath(root: string, path: string): string {
  return ownPlace(root, path).target;
}

/** The same, and whether something is there. */
export function ownPlace(root: string, path: string, folders?: SeenFolders): ReturnType<typeof safePlace> {
  if (!/\.(?:gen|handler|test)\.ts$/.test(path))
    throw new ToolError("files/not-ours", `${path} is in the manifest, but is no file that usecase makes.`, {
      help: "Restore .usecase/manifest.json from version control.",
    });
  return safePlace(root, ".", path, folders);
}

/** Of normalized paths. */
function isInside(base: string, target: string): boolean {
  const prefix = `${base}${sep}`;
  if (target.startsWith(prefix)) return target !== prefix;
  const way = relative(base, target);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** What does not exist is where what exists of its path is. A link to nothing is an error: writing would follow it. */
function placeOf(path: string, folders: SeenFolders): Place {
  const parent = dirname(path);
  if (parent === path) return { real: path, exists: true };
  const above = placeOfFolder(parent, folders);
  const stats = above.exists ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
  if (stats?.isSymbolicLink() === true) return { real: realpathSync(path), exists: true };
  return { real: join(above.real, basename(path)), exists: stats !== undefined };
}

function placeOfFolder(path: string, folders: SeenFolders): Place {
  const known = folders.get(path);
  if (known !== undefined) return known;
  const place = placeOf(path, folders);
  folders.set(path, place);
  return place;
}

function refused(path: string, folder: string, reason = ""): ToolError {
  return new ToolError(
    "files/not-ours",
    `${path} is not inside ${folder === "." ? "the project" : folder}; it is not written. ${reason}`.trim(),
  );
}
