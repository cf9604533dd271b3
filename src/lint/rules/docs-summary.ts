import type { Rule } from "../rule.js";

export const docsSummary: Rule<string> = {
  id: "docs/summary",
  severity: "warning",
  subject: "project",
  summary: "a summary that says nothing: empty, a placeholder, the name again, or another use case's",
  why: "The summary is the line by which people choose among use cases: in the editor, in the documentation, in the audit.",
  bad: { spec: "summary: TODO  # found here\n" },
  good: { spec: "summary: Ship a paid order.\n" },
  gather: {
    id: "summaries",
    of: ({ useCase: { summary } }) =>
      summary
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim(),
  },
  check(_, report, summaries) {
    const firsts = new Map<string, { readonly name: string; readonly file: string }>();
    for (const { name, file, fact: folded } of summaries) {
      const first = firsts.get(folded);
      const at = { file, path: ["summary"] };
      if (folded === "" || /^(todo|tbd|fixme|summary|description|tba|n a)\b/.test(folded))
        report({ at, message: `The summary of ${name} is still to be written.` });
      else if (folded === name.toLowerCase())
        report({ at, message: "The summary only repeats the name.", help: "Say to what, for whom or under which condition." });
      else if (first !== undefined)
        report({
          at,
          message: `${name} and ${first.name} have the same summary.`,
          related: [{ message: "the first one", at: { file: first.file, path: ["summary"] } }],
        });
      if (first === undefined) firsts.set(folded, { name, file });
    }
  },
};
