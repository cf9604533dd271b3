import type { Problem } from "./finding.js";
import type { Project } from "./model.js";
import type { SourceMap } from "./source-map.js";

export interface LoadOptions {
  /** Absolute; the configuration is looked for here and upwards. */
  readonly cwd: string;
  /** The configuration's path, relative to `cwd`. */
  readonly config?: string;
  /** Unsaved texts by file, relative to the project's root with `/`. */
  readonly overrides?: ReadonlyMap<string, string>;
}

export interface LoadedProject {
  readonly project: Project;
  /** What is wrong with the files themselves; a use case with such problems is not in the project. */
  readonly problems: readonly Problem[];
  readonly sources: SourceMap;
}

/**
 * Reads the configuration, every spec and the Drizzle schema.
 * @throws ToolError when there is no configuration or it is wrong; what is wrong with specs is among `problems`.
 */
export async function loadProject(options: LoadOptions): Promise<LoadedProject> {
  throw new Error(`not written yet: ${options.cwd}`);
}
