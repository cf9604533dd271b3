import type { Field, Project } from "../../spec/model.js";
import { resolveType } from "../../spec/resolve-type.js";
import { kindOfBound, mayBeTooWide, tooWide } from "../column-bounds.js";
import { commandTargets } from "../command-targets.js";
import type { OnReport, Rule } from "../rule.js";

export const commandUnbounded: Rule = {
  id: "command/unbounded",
  severity: "warning",
  subject: "use case",
  summary: "a list without a longest length, or a text or integer that may be too large for the column it goes to",
  why: "What is too large is refused by the database in the middle of the work, as a failure that callers cannot understand; a bound refuses it at the door. And a list without an end is a transaction without one.",
  bad: {
    spec: `
command:
  orderId: uuid
  quantity: integer  # found here
writes:
  orderLines: [insert]
`,
  },
  good: {
    spec: `
command:
  orderId: uuid
  quantity: { type: integer, minimum: 1, maximum: 1000 }
writes:
  orderLines: [insert]
`,
  },
  check(context, report) {
    checkFields(context.project, context.useCase.command, "command", commandTargets(context), [], report);
  },
};

function checkFields(
  project: Project,
  fields: readonly Field[],
  prefix: string,
  targetsOf: ReturnType<typeof commandTargets>,
  within: readonly string[],
  report: OnReport,
): void {
  for (const field of fields) {
    const type = resolveType(project, field.type);
    if (type === undefined) continue;
    if (type.kind === "array" && type.keywords["maxItems"] === undefined)
      report({ at: field, on: "key", message: `${field.name} may have any number of items.`, help: "Add `maxItems`." });
    const inner = type.kind === "array" ? resolveType(project, type.items) : type;
    if (inner === undefined || (inner.kind !== "object" && !mayBeTooWide(inner))) continue;
    const at = `${prefix}.${field.name}${type.kind === "array" ? "[]" : ""}`;
    if (inner.kind === "object") {
      const name = [inner.file, ...inner.path].join(".");
      // Shared types may lead from one to the next without end; nobody writes what lies this deep into a column by name.
      if (within.length < 4 && !within.includes(name)) checkFields(project, inner.fields, at, targetsOf, [...within, name], report);
      continue;
    }
    // By the name where the handler decides, by the path where a condition does.
    const found = targetsOf(at, field.name).find(({ column }) => tooWide(inner, column));
    if (found === undefined) continue;
    report({
      at: field,
      on: "key",
      message: `${field.name} may be larger than ${found.table}.${found.column.name}, which is ${found.column.sqlType}.`,
      help: `Add ${kindOfBound(found.column)}.`,
    });
  }
}
