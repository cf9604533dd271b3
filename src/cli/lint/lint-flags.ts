import type { CommonOptions } from "../command.js";

/** The flags of `usecase lint`, as commander gives them. */
export interface LintFlags extends CommonOptions {
  readonly format?: readonly string[];
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly maxWarnings?: number;
  readonly rule?: readonly string[];
  /** A path, where one stands behind a bare `--baseline`. */
  readonly baseline?: true | string;
  readonly since?: string;
  readonly watch?: boolean;
  readonly cache: boolean;
  readonly stats?: boolean;
  readonly stdinFilename?: string;
}
