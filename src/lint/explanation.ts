import type { Style } from "./reporters/style.js";
import type { Rule, RuleExample } from "./rule.js";

/** A rule for people: what it finds, why, and an example of each kind. */
export function renderExplanation({ id, severity, summary, why, bad, good, required }: Rule, style: Style): string {
  const paint = severity === "error" ? style.red : style.yellow;
  const change = required
    ? "Generated code relies on this rule: it can be neither switched off nor suppressed."
    : `To suppress one finding, put this above its line:\n  # usecase-lint-disable-next-line ${id} -- <reason>`;
  return [
    `${style.bold(id)}  ${paint(severity)}`,
    "",
    `Finds ${summary}.`,
    "",
    why,
    ...section("Bad", bad, style.red),
    ...section("Good", good, style.green),
    "",
    change,
    "",
  ].join("\n");
}

function section(title: string, { spec, without, files }: RuleExample, paint: (text: string) => string): readonly string[] {
  const parts = [
    ...(spec === undefined ? [] : [indent(spec)]),
    ...(without === undefined ? [] : [`  # and no ${without.join(", ")}`]),
    ...Object.entries(files ?? {}).map(([name, text]) => `  # ${name}\n${indent(text)}`),
  ];
  return parts.length === 0 ? [] : ["", paint(title), "", ...parts];
}

function indent(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}
