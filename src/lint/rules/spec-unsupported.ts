import type { Rule } from "../rule.js";
import { unsupportedInUseCases } from "../unsupported.js";

export const specUnsupported: Rule = {
  id: "spec/unsupported",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "something that the language has and the runtime cannot do yet",
  why: "What a spec says must happen. Code generated without it would run and leave it out.",
  bad: {
    spec: `
tx: read  # found here
`,
  },
  good: { spec: "state:\n  order: { table: orders, where: { id: command.orderId }, lock: no key update }\n" },
  *check({ useCase }) {
    for (const { what, instead, find } of unsupportedInUseCases)
      for (const at of find(useCase)) {
        if (at === undefined) continue;
        const help = instead === undefined ? {} : { help: instead };
        yield { at: { file: at.file ?? useCase.file, path: at.path }, on: "key", message: `${what} is not supported yet.`, ...help };
      }
  },
};
