import type { CliCommand, CommonOptions } from "../command.js";

/** `usecase explain` */
export const explainCommand: CliCommand = {
  name: "explain",
  summary: "explain a use case (its SQL, locks and refusals), a lint rule, or a line of generated code",
  examples: [
    ["usecase explain MoveInventory", "the nine steps with the SQL of each, round trips, lock order, refusals, retries"],
    ["usecase explain src/usecases/index.gen.ts:12", "the line of the spec that made this line"],
    ["usecase explain state/not-unique", "why the rule is there, what it finds, how it should be"],
  ],
  declare(command) {
    command.argument("<subject>", "the name of a use case, the id of a rule, or file:line").option("--json", "as JSON");
  },
  async run(io, [given], options: CommonOptions & { readonly json?: boolean }) {
    const subject = String(given);
    if (/^[a-z-]+\/[a-z-]+$/.test(subject)) return (await import("../explain/explain-rule.js")).explainRule(io, subject, options);
    if (/\.ts(:\d+){0,2}$/.test(subject)) return (await import("../explain/explain-line.js")).explainLine(io, subject, options);
    return (await import("../explain/explain-named.js")).explainNamed(io, subject, options);
  },
};
