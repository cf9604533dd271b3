import { nearest } from "../../spec/suggest.js";
import type { Rule } from "../rule.js";
import { schemaConstraints } from "../schema-constraints.js";

export const errorUnknownConstraint: Rule = {
  id: "error/unknown-constraint",
  severity: "error",
  local: true,
  subject: "use case",
  summary: "an error for a constraint that the database does not have",
  why: "The database's refusal would reach callers as ConstraintViolation instead of the declared error.",
  bad: {
    spec: `
errors:
  NegativeTotal:
    kind: conflict
    constraint: orders_total_chek  # found here
`,
  },
  good: { spec: "errors:\n  NegativeTotal:\n    kind: conflict\n    constraint: orders_total_check\n" },
  check({ project, useCase, migrationConstraints }, report) {
    if (project.schema === undefined || useCase.errors.every(({ constraints }) => constraints.length === 0)) return;
    const known = schemaConstraints(project.schema);
    for (const error of useCase.errors)
      for (const constraint of error.constraints) {
        if (known.has(constraint.name)) continue;
        const inMigrations = migrationConstraints().map(({ name }) => name);
        if (inMigrations.includes(constraint.name)) continue;
        report({
          at: { path: constraint.path, file: constraint.file ?? error.file ?? useCase.file },
          message: `Neither the schema nor a migration has a constraint "${constraint.name}".`,
          suggestions: nearest(constraint.name, [...known, ...inMigrations]),
        });
      }
  },
};
