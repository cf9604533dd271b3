import type { CliCommand, CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";

/** `usecase rules` */
export const rulesCommand: CliCommand = {
  name: "rules",
  summary: "list the lint rules",
  examples: [
    ["usecase rules", "lists every rule with its severity"],
    ["usecase rules --json", "the same for programs"],
  ],
  declare(command) {
    command.option("--json", "as JSON");
  },
  async run(io, _args, options: CommonOptions & { readonly json?: boolean }) {
    const [{ rules }, { createStyle }, { wantsColor }] = await Promise.all([
      import("../../lint/registry.js"),
      import("../../lint/reporters/style.js"),
      import("../color.js"),
    ]);
    if (options.json) {
      const list = rules.map(({ id, severity, summary, required }) => ({ id, severity, summary, required: required === true }));
      io.stdout.write(`${JSON.stringify({ version: 1, rules: list }, undefined, 2)}\n`);
      return exitCodes.fine;
    }
    const style = createStyle(wantsColor(io.stdout, io.env, options.color));
    const width = Math.max(...rules.map(({ id }) => id.length));
    for (const { id, severity, summary } of rules) {
      const paint = severity === "error" ? style.red : style.yellow;
      io.stdout.write(`${style.bold(id)}${" ".repeat(width - id.length)}  ${paint(severity.padEnd("warning".length))}  ${summary}\n`);
    }
    return exitCodes.fine;
  },
};
