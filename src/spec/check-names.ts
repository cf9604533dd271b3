import type { Problem } from "./finding.js";
import type { Project } from "./model.js";
import type { ReadSpec } from "./read-spec.js";

/** `spec/name`, `spec/duplicate`, `spec/file-name`. */
export function checkNames(_project: Project, _specs: readonly ReadSpec[]): Problem[] {
  return [];
}
