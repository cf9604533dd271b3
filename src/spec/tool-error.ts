/** `internal` is a defect of ours (exit code 3); every other code is wrong usage or configuration (exit code 2). */
export type ToolErrorCode =
  | "usage"
  | "config/missing"
  | "config/syntax"
  | "config/invalid"
  | "config/unreadable"
  | "files/unreadable"
  | "files/not-ours"
  | "format/failed"
  | "internal";

/**
 * The one error of the tool: it could not do its work. What is wrong with a spec is never an error but a finding.
 * `message` says what happened, with the place in the configuration where there is one; `help` says what to do.
 */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ToolErrorCode;
  readonly help: string | undefined;

  constructor(code: ToolErrorCode, message: string, options: { readonly help?: string; readonly cause?: unknown } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.help = options.help;
  }
}
