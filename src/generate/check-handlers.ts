import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "../spec/model.js";
import { needsHandler } from "../spec/needs-handler.js";
import type { HandlerNotice } from "./handler/handler-notice.js";
import { pathsOf } from "./paths.js";

/**
 * Does every handler match its spec? Empty where all do. What a file takes from elsewhere is not looked at, and a
 * handler that is not there is for `generate` to make.
 */
export async function checkHandlers(project: Project): Promise<readonly HandlerNotice[]> {
  const paths = pathsOf(project.config);
  const { checkHandler } = await import("./sync-handler.js");
  const notices = await Promise.all(
    project.useCases.filter(needsHandler).map(async (useCase) => {
      const path = paths.useCase(useCase.name).handler;
      const text = await readFile(join(project.root, path), "utf8").catch(() => undefined);
      if (text === undefined) return [];
      const found = checkHandler(useCase, path, text).filter(({ kind, exact }) => exact && kind !== "unseen");
      return found.map(({ exact: _, ...notice }): HandlerNotice => notice);
    }),
  );
  return notices.flat();
}
