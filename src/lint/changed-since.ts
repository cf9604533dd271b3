import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ToolError } from "../spec/tool-error.js";

const run = promisify(execFile);

/**
 * The files below `root` (absolute) that differ from a git reference, relative to it with `/`: committed or not, new ones
 * included.
 * @throws ToolError where there is no repository or no such reference
 */
export async function changedSince(reference: string, root: string): Promise<ReadonlySet<string>> {
  const git = async (...args: readonly string[]) => (await run("git", args, { cwd: root, maxBuffer: 256 * 1024 * 1024 })).stdout;
  let commit: string;
  try {
    // Never an option, whatever it starts with.
    commit = (await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${reference}^{commit}`)).trim();
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new ToolError("usage", missing ? "--since needs git." : `git knows no "${reference}" here.`, {
      help: "Give a branch, a tag or a commit: --since origin/main. A shallow clone may have to fetch it first.",
      cause,
    });
  }
  const changed = await git("diff", "--name-only", "--relative", "--no-renames", "-z", commit, "--", ".");
  const untracked = await git("ls-files", "--others", "--exclude-standard", "-z", "--", ".");
  return new Set(`${changed}\0${untracked}`.split("\0").filter((file) => file !== ""));
}
