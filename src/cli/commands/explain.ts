import type { CliCommand, CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";

/** `usecase explain` */
export const explainCommand: CliCommand = {
  name: "explain",
  summary: "explain a lint rule: why it is there, what it finds, how it should be",
  examples: [
    ["usecase explain state/not-unique", "explains the rule"],
    ["usecase explain lock/write-without-lock --json", "the same for programs"],
  ],
  declare(command) {
    command.argument("<rule>", "the id of a rule").option("--json", "as JSON");
  },
  async run(io, [id], options: CommonOptions & { readonly json?: boolean }) {
    const [{ rules }, { renderExplanation }, { createStyle }, { wantsColor }, { suggestRule }, { ToolError }] = await Promise.all([
      import("../../lint/registry.js"),
      import("../../lint/explanation.js"),
      import("../../lint/reporters/style.js"),
      import("../color.js"),
      import("../../lint/severities.js"),
      import("../../spec/tool-error.js"),
    ]);
    const rule = rules.find((known) => known.id === id);
    if (rule === undefined) throw new ToolError("usage", `There is no rule "${id}".`, { help: suggestRule(String(id)) });
    if (options.json) {
      const { severity, summary, why, bad, good, required } = rule;
      io.stdout.write(
        `${JSON.stringify({ version: 1, id, severity, required: required === true, summary, why, bad, good }, undefined, 2)}\n`,
      );
    } else io.stdout.write(renderExplanation(rule, createStyle(wantsColor(io.stdout, io.env, options.color))));
    return exitCodes.fine;
  },
};
