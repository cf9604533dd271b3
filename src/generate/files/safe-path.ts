import { lstat, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { ToolError } from "../../spec/tool-error.js";

/**
 * The absolute path of a file to be written: inside `folder` (relative to the root, with `/`), as the path says and as
 * the symbolic links on the way say.
 * @throws ToolError when it would leave the folder.
 */
export async function safePath(root: string, folder: string, path: string): Promise<string> {
  const base = join(root, folder);
  const target = join(root, path);
  if (!isInside(base, target) || path.includes("\0") || path.includes("\\")) throw refused(path, folder);
  const [realBase, realTarget] = await Promise.all([realExisting(base), realExisting(target)]).catch((cause) => {
    throw refused(path, folder, `A symbolic link on the way leads nowhere. ${cause instanceof Error ? cause.message : ""}`.trim());
  });
  if (!isInside(realBase, realTarget)) throw refused(path, folder, "A symbolic link on the way leads elsewhere.");
  return target;
}

/**
 * The absolute path of a file that an earlier run has written, wherever `out` led to then.
 * @throws ToolError when it is outside of the project, or has none of the names that we give.
 */
export async function ownPath(root: string, path: string): Promise<string> {
  if (!/\.(?:gen|handler|test)\.ts$/.test(path))
    throw new ToolError("files/not-ours", `${path} is in the manifest, but is no file that usecase makes.`, {
      help: "Restore .usecase/manifest.json from version control.",
    });
  return safePath(root, ".", path);
}

function isInside(base: string, target: string): boolean {
  const way = relative(base, target);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The real path of what exists of `path`, with the rest appended. A link to nothing is an error: writing would follow it. */
async function realExisting(path: string): Promise<string> {
  const existing = await lstat(path).then(
    () => true,
    () => false,
  );
  if (existing) return realpath(path);
  const parent = dirname(path);
  return parent === path ? path : join(await realExisting(parent), path.slice(parent.length));
}

function refused(path: string, folder: string, reason = ""): ToolError {
  return new ToolError(
    "files/not-ours",
    `${path} is not inside ${folder === "." ? "the project" : folder}; it is not written. ${reason}`.trim(),
  );
}
