import type { ToolError } from "../spec/tool-error.js";
import type { FileStatus } from "./files/plan.js";
import type { HandlerNotice } from "./handler/handler-notice.js";

export interface GenerateReport {
  /** Every file, the unchanged ones included; sorted by path. */
  readonly files: readonly FileReport[];
  /** What only a person can do to bring a handler in step with its spec. */
  readonly notices: readonly HandlerNotice[];
  /** Something on disk is not (or was not) what the specs make. */
  readonly stale: boolean;
  /** Files were edited by hand, and without `force` nothing at all was written. */
  readonly refused: boolean;
  /** The formatter of the project failed: generated files are as they were before formatting. */
  readonly formatFailure?: ToolError;
  /** The changes are on disk. */
  readonly written: boolean;
}

export interface FileReport {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly kind: "generated" | "scaffold" | "migration";
  readonly status: FileStatus;
  /** The change as a unified diff; empty where there is none. */
  readonly diff: string;
  /** What is put into a handler: `checks.withinHours`, `result.count`. */
  readonly added?: readonly string[];
  /** Where a file of a renamed use case was. */
  readonly from?: string;
}
