import type { LintProjectOptions } from "../../lint/lint-project.js";
import { ToolError } from "../../spec/tool-error.js";
import type { Io } from "../io.js";
import { parseRuleOption } from "../rule-option.js";
import type { LintFlags } from "./lint-flags.js";

/**
 * What a command line asks of lint. `-` among the paths stands for the text of standard input, under the name that
 * `--stdin-filename` gives it.
 * @throws ToolError for flags that do not go together
 */
export async function readLintInput(io: Io, given: readonly string[], flags: LintFlags): Promise<LintProjectOptions> {
  // `--baseline specs`: its only value is `=update`, so that anything else is a path.
  const ownPath = typeof flags.baseline === "string" && flags.baseline !== "update" ? [flags.baseline] : [];
  const paths = [...ownPath, ...given];
  refuse(flags.dryRun === true && flags.fix !== true, "--dry-run is for --fix.", "Add --fix.");
  refuse(flags.watch === true && flags.fix === true, "--watch and --fix do not go together.", "An editor would lose what is not saved.");
  const fromStdin = paths.includes("-");
  refuse(
    fromStdin && flags.fix === true && flags.dryRun !== true,
    "Standard input cannot be repaired in place.",
    "Add --dry-run for a diff.",
  );
  refuse(fromStdin && flags.watch === true, "Standard input cannot be watched.", "Name files or folders.");
  refuse(!fromStdin && flags.stdinFilename !== undefined, "--stdin-filename is for standard input.", "Add - to the paths.");
  const common = {
    cwd: io.cwd,
    rules: parseRuleOption(flags.rule ?? []),
    cache: flags.cache,
    ...(flags.stats === true && { stats: true }),
    ...(flags.config !== undefined && { config: flags.config }),
    ...(flags.since !== undefined && { since: flags.since }),
    ...(flags.baseline !== undefined && { baseline: flags.baseline === "update" ? ("update" as const) : ("apply" as const) }),
  };
  if (!fromStdin) return { ...common, paths };
  const name = flags.stdinFilename;
  if (name === undefined)
    throw new ToolError("usage", "What comes from standard input needs a name.", {
      help: "Give one: --stdin-filename specs/ship-order.usecase.yaml.",
    });
  return { ...common, paths: paths.map((path) => (path === "-" ? name : path)), texts: new Map([[name, await io.stdin.read()]]) };
}

function refuse(condition: boolean, message: string, help: string): void {
  if (condition) throw new ToolError("usage", message, { help });
}
