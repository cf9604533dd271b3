import type { ProjectBase } from "../spec/project-base.js";
import type { ProjectFiles, SpecContent } from "../spec/project-files.js";
import type { UseCaseModels } from "../spec/use-case-models.js";
import type { Companion } from "./companion.js";
import type { Stopwatch } from "./stopwatch.js";

export interface InspectOptions {
  readonly files: ProjectFiles;
  readonly base: ProjectBase;
  readonly models: UseCaseModels;
  readonly contents: readonly SpecContent[];
  /** Asked once the schema is there. */
  readonly isWanted: (content: SpecContent) => boolean;
  /** Of many use cases only. */
  readonly companion?: Companion | undefined;
  readonly stopwatch: Stopwatch;
}
