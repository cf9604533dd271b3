import type { CliCommand } from "./command.js";
import { checkCommand } from "./commands/check.js";
import { completionCommand } from "./commands/completion.js";
import { explainCommand } from "./commands/explain.js";
import { generateCommand } from "./commands/generate.js";
import { initCommand } from "./commands/init.js";
import { lintCommand } from "./commands/lint.js";
import { rulesCommand } from "./commands/rules.js";
import { scaffoldCommand } from "./commands/scaffold.js";

/** Every command, by name. */
export const commands: readonly CliCommand[] = [
  checkCommand,
  completionCommand(() => commands),
  explainCommand,
  generateCommand,
  initCommand,
  lintCommand,
  rulesCommand,
  scaffoldCommand,
];
