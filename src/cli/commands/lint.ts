import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { ToolError } from "../../spec/tool-error.js";
import { wantsColor } from "../color.js";
import type { CliCommand, CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";
import { parseOutputFormats } from "../output-formats.js";
import { withProgress } from "../progress.js";
import { repeatable } from "../repeatable.js";
import { parseRuleOption } from "../rule-option.js";

interface LintFlags extends CommonOptions {
  readonly format?: readonly string[];
  readonly maxWarnings?: number;
  readonly rule?: readonly string[];
  readonly stdinFilename?: string;
}

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
        "text, compact, json or github, repeatable, to a file each (default: text; github in GitHub Actions)",
        repeatable,
      )
      .option("--max-warnings <count>", "exit 1 when there are more warnings", parseCount)
      .option("--rule <id=severity>", "error, warning or off for this run, repeatable", repeatable)
      .option("--stdin-filename <file>", "the name of what comes from standard input");
  },
  async run(io, [paths], options: LintFlags) {
    const [{ lintProject }, { reporters }, { repositoryDirectory }] = await Promise.all([
      import("../../lint/lint-project.js"),
      import("../../lint/reporters/registry.js"),
      import("../repository-directory.js"),
    ]);
    const inActions = io.env["GITHUB_ACTIONS"] === "true";
    const formats = parseOutputFormats(options.format ?? [inActions ? "github" : "text"], reporters);
    const input = await readInput(io, paths as readonly string[], options.stdinFilename);
    const report = await withProgress(io, options.quiet === true, "checking", () =>
      lintProject({
        cwd: io.cwd,
        paths: input.paths,
        rules: parseRuleOption(options.rule ?? []),
        ...(options.config !== undefined && { config: options.config }),
        ...(input.texts !== undefined && { texts: input.texts }),
      }),
    );
    const shown = options.quiet ? { ...report, findings: report.findings.filter(({ severity }) => severity === "error") } : report;
    const directory = repositoryDirectory(io);
    for (const { reporter, file } of formats) {
      const color = file === undefined && wantsColor(io.stdout, io.env, options.color);
      if (file !== undefined) await io.writeFile(resolve(io.cwd, file), reporter.render(shown, { color, directory }));
      else if (!options.quiet || shown.findings.length > 0 || reporter.name === "json")
        io.stdout.write(reporter.render(shown, { color, directory }));
    }
    const { errors, warnings } = report.summary;
    if (errors > 0) return exitCodes.findings;
    if (warnings <= (options.maxWarnings ?? Number.POSITIVE_INFINITY)) return exitCodes.fine;
    if (!options.quiet) io.stderr.write(`More warnings (${warnings}) than --max-warnings ${options.maxWarnings} allows.\n`);
    return exitCodes.findings;
  },
};

/** `-` stands for the text of standard input, under the name that `--stdin-filename` gives it. */
async function readInput(io: Io, paths: readonly string[], name: string | undefined) {
  if (!paths.includes("-")) {
    if (name !== undefined) throw new ToolError("usage", "--stdin-filename is for standard input.", { help: "Add - to the paths." });
    return { paths };
  }
  if (name === undefined)
    throw new ToolError("usage", "What comes from standard input needs a name.", {
      help: "Give one: --stdin-filename specs/ship-order.usecase.yaml.",
    });
  const named = paths.map((path) => (path === "-" ? name : path));
  return { paths: named, texts: new Map([[name, await io.stdin.read()]]) };
}

function parseCount(value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new InvalidArgumentError("It is a whole number from 0.");
}
