import { renderExplanation } from "../../lint/explanation.js";
import { rules } from "../../lint/registry.js";
import { createStyle } from "../../lint/reporters/style.js";
import { suggestRule } from "../../lint/severities.js";
import { ToolError } from "../../spec/tool-error.js";
import { wantsColor } from "../color.js";
import type { CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";

/** Why a rule is there, what it finds, how it should be. */
export function explainRule(io: Io, id: string, options: CommonOptions & { readonly json?: boolean }): number {
  const rule = rules.find((known) => known.id === id);
  if (rule === undefined) throw new ToolError("usage", `There is no rule "${id}".`, { help: suggestRule(id) });
  if (options.json) {
    const { severity, summary, why, bad, good, required } = rule;
    io.stdout.write(
      `${JSON.stringify({ version: 1, id, severity, required: required === true, summary, why, bad, good }, undefined, 2)}\n`,
    );
  } else io.stdout.write(renderExplanation(rule, createStyle(wantsColor(io.stdout, io.env, options.color))));
  return exitCodes.fine;
}
