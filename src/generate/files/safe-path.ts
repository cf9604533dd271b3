import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { ToolError } from "../../spec/tool-error.js";

/** Where folders really are, as far as has been looked: one look serves all files in a folder. */
export type RealFolders = Map<string, string>;

/**
 * The absolute path of a file to be written: inside `folder` (relative to the root, with `/`), as the path says and as
 * the symbolic links on the way say.
 * @throws ToolError when it would leave the folder.
 */
export function safePath(root: string, folder: string, path: string, folders: RealFolders = new Map()): string {
  const base = join(root, folder);
  const target = join(root, path);
  if (!isInside(base, target) || path.includes("\0") || path.includes("\\")) throw refused(path, folder);
  let leadsInside: boolean;
  try {
    leadsInside = isInside(realFolder(base, folders), realExisting(target, folders));
  } catch (cause) {
    throw refused(path, folder, `A symbolic link on the way leads nowhere. ${cause instanceof Error ? cause.message : ""}`.trim());
  }
  if (!leadsInside) throw refused(path, folder, "A symbolic link on the way leads elsewhere.");
  return target;
}

/**
 * The absolute path of a file that an earlier run has written, wherever `out` led to then.
 * @throws ToolError when it is outside of the project, or has none of the names that we give.
 */
export function ownPath(root: string, path: string, folders?: RealFolders): string {
  if (!/\.(?:gen|handler|test)\.ts$/.test(path))
    throw new ToolError("files/not-ours", `${path} is in the manifest, but is no file that usecase makes.`, {
      help: "Restore .usecase/manifest.json from version control.",
    });
  return safePath(root, ".", path, folders);
}

function isInside(base: string, target: string): boolean {
  const way = relative(base, target);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The real path of what exists of `path`, with the rest appended. A link to nothing is an error: writing would follow it. */
function realExisting(path: string, folders: RealFolders): string {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink() === true) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realFolder(parent, folders), path.slice(parent.length));
}

function realFolder(path: string, folders: RealFolders): string {
  const known = folders.get(path);
  if (known !== undefined) return known;
  const real = realExisting(path, folders);
  folders.set(path, real);
  return real;
}

function refused(path: string, folder: string, reason = ""): ToolError {
  return new ToolError(
    "files/not-ours",
    `${path} is not inside ${folder === "." ? "the project" : folder}; it is not written. ${reason}`.trim(),
  );
}
