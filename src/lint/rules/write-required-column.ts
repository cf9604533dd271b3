import type { Rule } from "../rule.js";

export const writeRequiredColumn: Rule = {
  id: "write/required-column",
  severity: "error",
  required: true,
  subject: "use case",
  summary: "an insert that nobody can give a required column",
  why: "The tenant is given by the convention, never by a handler: where a use case switches the convention off, a row that needs a tenant cannot be inserted.",
  bad: {
    spec: "tenant: none\nwrites:\n  notes: [insert]  # found here\n",
    files: { "usecase.config.yaml": "schema: schema.ts\ntenant: { column: tenantId, value: actor.tenantId }\n" },
  },
  good: {
    spec: "writes:\n  notes: [insert]\n",
    files: { "usecase.config.yaml": "schema: schema.ts\ntenant: { column: tenantId, value: actor.tenantId }\n" },
  },
  check({ project, useCase, findTable }, report) {
    const { tenant } = project.config;
    for (const write of useCase.writes) {
      const table = findTable(write.table.name);
      if (table === undefined || !(write.insert || write.upsert)) continue;
      if (table.kind === "view") {
        report({ at: write, on: "key", message: `${table.name} is a view: rows cannot be inserted into it.` });
        continue;
      }
      const column = table.columns.find(({ name }) => name === tenant?.column);
      if (!useCase.tenantOff || column === undefined || !column.notNull || column.hasDefault) continue;
      report({
        at: write,
        on: "key",
        message: `A new row of ${table.name} needs ${column.name}, which only the tenant convention gives, and this use case has \`tenant: none\`.`,
      });
    }
  },
};
