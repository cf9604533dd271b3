import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { ToolError } from "../spec/tool-error.js";
import { type CliCommand, type CommonOptions, declareCommonOptions } from "./command.js";
import { exitCodes } from "./exit-codes.js";
import type { Io } from "./io.js";
import { commands } from "./registry.js";
import { toolVersion } from "./tool-version.js";

/** Runs one command line (without node and script) and returns the exit code. Never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCodes.fine;
  const program = createProgram(io, (exitCode) => {
    code = exitCode;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    return reportFailure(error, argv, io);
  }
}

function createProgram(io: Io, finish: (code: number) => void): Command {
  const program = new Command("usecase")
    .description("Lints use-case specs and generates the code that runs them.")
    .version(toolVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .addHelpText(
      "after",
      "\nExit codes: 0 fine, 1 findings or stale output, 2 wrong usage or configuration,\n3 internal error, 4 refused to overwrite a file edited by hand.",
    );
  for (const command of commands) program.addCommand(createCommand(command, program, io, finish));
  return program;
}

function createCommand(definition: CliCommand, program: Command, io: Io, finish: (code: number) => void): Command {
  const command = new Command(definition.name)
    .copyInheritedSettings(program)
    .summary(definition.summary)
    .description(`${sentence(definition.summary)}`);
  definition.declare(command);
  declareCommonOptions(command);
  command
    .helpOption("-h, --help", "print this help")
    .addHelpText("after", `\nExamples:\n${definition.examples.map(([line, does]) => `  $ ${line}\n      ${does}`).join("\n")}`)
    .action(async () => {
      const options = command.opts<CommonOptions>();
      const cwd = options.cwd === undefined ? io.cwd : resolve(io.cwd, options.cwd);
      finish(await definition.run({ ...io, cwd }, command.processedArgs, options));
    });
  return command;
}

function reportFailure(error: unknown, argv: readonly string[], { stderr }: Io): number {
  // Commander has printed its message, with a suggestion where it has one; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  if (error instanceof ToolError && error.code !== "internal") {
    stderr.write(`error: ${error.message}\n${error.help === undefined ? "" : `${error.help}\n`}`);
    return error.code === "files/not-ours" ? exitCodes.notOurs : exitCodes.usage;
  }
  stderr.write(
    [
      "error: usecase itself failed; this is not a mistake in your specs. Please report it with these lines:",
      `  usecase ${toolVersion()}, Node ${process.version}, ${process.platform} ${process.arch}`,
      `  usecase ${argv.join(" ")}`,
      ...describeError(error).map((line) => `  ${line}`),
      "",
    ].join("\n"),
  );
  return exitCodes.internal;
}

function describeError(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  const lines = (error.stack ?? `${error.name}: ${error.message}`).split("\n");
  return error.cause === undefined
    ? lines
    : [...lines, ...describeError(error.cause).map((line, index) => (index === 0 ? `caused by ${line}` : line))];
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
