import { relative, sep } from "node:path";
import type { Io } from "./io.js";

/** The working directory inside the checked-out repository, ending in `/`, for annotations; empty at its root or outside of it. */
export function repositoryDirectory({ cwd, env }: Io): string {
  const workspace = env["GITHUB_WORKSPACE"];
  if (workspace === undefined) return "";
  const inside = relative(workspace, cwd).split(sep).join("/");
  return inside === "" || inside.startsWith("..") ? "" : `${inside}/`;
}
