import type { Command } from "commander";
import type { Io } from "./io.js";

/** The options that every command has. */
export interface CommonOptions {
  /** The configuration's file, relative to `cwd`. */
  readonly config?: string;
  readonly cwd?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}

/**
 * One command. Its file declares arguments and options; what the work needs is imported inside `run`, so that a command
 * loads only its own. To add one: a file in `commands/` and a line in `registry.ts`.
 */
export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  /** Two command lines with what they do. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  /** Adds arguments and options; the common ones are already there. */
  declare(command: Command): void;
  /** Returns the exit code. `args` as declared; `options` by their camelCase names. */
  run(io: Io, args: readonly unknown[], options: CommonOptions): Promise<number>;
}

/** Adds the options that every command has, but for `--help`. */
export function declareCommonOptions(command: Command): void {
  command
    .option("--config <file>", "the configuration (default: usecase.config.* here or in a folder above)")
    .option("--cwd <folder>", "work as if started there")
    .option("--quiet", "print only what went wrong")
    .option("--no-color", "no colours (also NO_COLOR; FORCE_COLOR for the reverse)");
}
