import { Command } from "commander";
import type { CliCommand } from "../command.js";

/** What can be written on a command line of ours. */
export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly OptionWords[];
  /** For arguments; files where there are none. */
  readonly values: readonly string[];
}

export interface OptionWords {
  /** `--format` */
  readonly flag: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** Files where there are none. */
  readonly values: readonly string[];
}

/** The names that arguments and options take. Lists of many commands are loaded only for this. */
async function knownValues(): Promise<Readonly<Record<string, readonly string[]>>> {
  const [{ reporters }, { rules }, { emitters }, { checkParts }, { templateNames }] = await Promise.all([
    import("../../lint/reporters/registry.js"),
    import("../../lint/registry.js"),
    import("../../generate/emitters/registry.js"),
    import("../../check/check-project.js"),
    import("../../generate/template/read-templates.js"),
  ]);
  const formats = reporters.map(({ name }) => name);
  const ruleIds = rules.map(({ id }) => id);
  return {
    "check --format": formats,
    "check --only": checkParts,
    completion: ["bash", "zsh", "fish"],
    explain: ruleIds,
    "generate --eject": [...templateNames.templates, ...templateNames.partials],
    "generate --only": emitters.map(({ name }) => name),
    "lint --format": formats,
    "lint --rule": ruleIds.flatMap((id) => ["error", "warning", "off"].map((severity) => `${id}=${severity}`)),
  };
}

/** Every command with its options, as they are declared. */
export async function completionWords(
  commands: readonly CliCommand[],
  declareCommon: (command: Command) => void,
): Promise<readonly CommandWords[]> {
  const known = await knownValues();
  return commands.map((definition): CommandWords => {
    const command = new Command(definition.name);
    definition.declare(command);
    declareCommon(command);
    const options = command.options.map(({ long, description, required, optional }): OptionWords => {
      const flag = long ?? "";
      return { flag, description, takesValue: required || optional, values: known[`${definition.name} ${flag}`] ?? [] };
    });
    const help: OptionWords = { flag: "--help", description: "print this help", takesValue: false, values: [] };
    return { name: definition.name, summary: definition.summary, options: [...options, help], values: known[definition.name] ?? [] };
  });
}
