import type { CliCommand } from "./command.js";
import { explainCommand } from "./commands/explain.js";
import { lintCommand } from "./commands/lint.js";
import { rulesCommand } from "./commands/rules.js";

/** Every command, by name. */
export const commands: readonly CliCommand[] = [explainCommand, lintCommand, rulesCommand];
