import { rules } from "./registry.js";
import type { Rule, RuleExample } from "./rule.js";

/** The documentation of the rules: Markdown by path under `docs/rules/`. */
export function rulePages(): ReadonlyMap<string, string> {
  return new Map([["README.md", index()], ...rules.map((rule) => [`${rule.id}.md`, page(rule)] as const)]);
}

function index(): string {
  const rows = rules.map(({ id, severity, summary }) => `| [\`${id}\`](${id}.md) | ${severity} | ${cell(summary)} |`);
  return `# Lint rules

\`usecase lint\` finds these. \`usecase explain <rule>\` shows a rule's page in the terminal. An error keeps \`usecase generate\` from writing anything; a warning does not.

A severity is changed in the configuration, \`lint: { rules: { state/unused: error } }\`, or for one run, \`--rule state/unused=off\`. One finding is suppressed above its line,
with a reason: \`# usecase-lint-disable-next-line state/unused -- <reason>\`.

| rule | default | finds |
|---|---|---|
${rows.join("\n")}
`;
}

function page({ id, severity, summary, why, bad, good, required }: Rule): string {
  const change = required
    ? "Generated code relies on this rule: it can be neither switched off nor suppressed."
    : `Switch it off, or change its severity, in \`usecase.config.yaml\`:

\`\`\`yaml
lint: { rules: { ${id}: off } }
\`\`\`

Suppress one finding above its line:

\`\`\`yaml
# usecase-lint-disable-next-line ${id} -- <reason>
\`\`\``;
  return `# ${id}

Default: **${severity}**. Finds ${summary}.

${why}

## Bad

${example(bad)}

## Good

${example(good)}

## Change it

${change}
`;
}

/** The parts of a project that matter; around them is a use case that is sound. */
function example({ spec, without = [], files = {} }: RuleExample): string {
  const parts = [
    ...(spec === undefined ? [] : [fenced("yaml", spec)]),
    ...(without.length === 0 ? [] : [`The use case has no ${without.map((key) => `\`${key}\``).join(" and no ")}.`]),
    ...Object.entries(files).map(([name, text]) => `\`${name}\`:\n\n${fenced(name.endsWith(".ts") ? "ts" : "yaml", text)}`),
  ];
  return parts.length === 0 ? "A project without it." : parts.join("\n\n");
}

const fenced = (language: string, text: string) => `\`\`\`${language}\n${text.trim()}\n\`\`\``;
const cell = (text: string) => text.replaceAll("|", "\\|");
