import type { Command } from "commander";
import type { CliCommand } from "../command.js";
import { countOption } from "../count-option.js";
import type { LintFlags } from "../lint/lint-flags.js";
import { repeatable } from "../repeatable.js";

/** `usecase lint` */
export const lintCommand: CliCommand = {
  name: "lint",
  summary: "check specs, state machines and shared files",
  examples: [
    ["usecase lint specs", "checks everything in specs/ and shows each mistake with its lines"],
    ["usecase lint --format json=lint.json --format text --max-warnings 0", "for CI: both forms, and no warning allowed"],
  ],
  declare(command: Command) {
    command
      .argument("[paths...]", "files, folders or globs; - for standard input; default: the whole project")
      .option(
        "--format <name[=file]>",
        "text, compact, json, sarif, github, gitlab, junit or agent; repeatable, to a file each (default: text; github in GitHub Actions)",
        repeatable,
      )
      .option("--fix", "repair what has one certain repair: a misspelt name, the order of keys, an expression without quotes")
      .option("--dry-run", "with --fix: write nothing, show the repairs as a diff")
      .option("--max-warnings <count>", "exit 1 when there are more warnings", countOption)
      .option("--rule <id=severity>", "error, warning or off for this run, repeatable", repeatable)
      .option("--baseline [=update]", "leave out what .usecase/lint-baseline.json lists; =update lists all that is found now")
      .option("--since <git ref>", "only findings in files that differ from a branch, tag or commit")
      .option("--watch", "go on, and check again after every change")
      .option("--no-cache", "neither use nor keep answers in .usecase/cache/")
      .option("--stats", "say on standard error where the time went")
      .option("--stdin-filename <file>", "the name of what comes from standard input");
  },
  async run(io, [paths], flags: LintFlags) {
    const { runLint } = await import("../lint/run-lint.js");
    return runLint(io, paths as readonly string[], flags);
  },
};
