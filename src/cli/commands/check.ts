import type { CheckFlags } from "../check/run-check.js";
import type { CliCommand } from "../command.js";
import { countOption } from "../count-option.js";
import { repeatable } from "../repeatable.js";

/** `usecase check` */
export const checkCommand: CliCommand = {
  name: "check",
  summary: "everything that CI needs in one report: lint, generated code, handlers, migrations",
  examples: [
    ["usecase check", "exits with 1 if anything is not as the specs say; writes nothing"],
    ["usecase check --only output --only migrations --format github", "a part of it, as annotations of a pull request"],
  ],
  declare(command) {
    command
      .option("--only <part>", "lint, output, handlers or migrations, repeatable (default: all)", repeatable)
      .option(
        "--format <name[=file]>",
        "text, compact, json, sarif, github, gitlab, junit or agent; repeatable, to a file each (default: text; github in GitHub Actions)",
        repeatable,
      )
      .option("--max-warnings <count>", "exit 1 when lint has more warnings", countOption);
  },
  async run(io, _args, flags: CheckFlags) {
    const { runCheck } = await import("../check/run-check.js");
    return runCheck(io, flags);
  },
};
