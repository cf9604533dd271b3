import { fromColumn } from "../../spec/expression/value-type.js";
import { findColumn } from "../../spec/find-table.js";
import type { Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import { within } from "../within.js";

export const tenantMissing: Rule = {
  id: "tenant/missing",
  severity: "error",
  required: true,
  subject: "use case",
  summary: "something that is bound to the caller's tenant where there is none, or where it cannot be compared",
  why: "The convention adds the tenant to every load and key. Where that cannot work, rows of all tenants are one heap, or none is ever found.",
  bad: {
    spec: "idempotency:\n  key: caller\n  scope: tenant  # found here\n",
  },
  good: {
    spec: "idempotency:\n  key: caller\n  scope: tenant\n",
    files: { "usecase.config.yaml": "schema: schema.ts\ntenant: { column: tenantId, value: actor.tenantId }\n" },
  },
  check({ project, useCase, findTable }, report) {
    const { tenant } = project.config;
    const { idempotency } = useCase;
    if (
      idempotency !== undefined &&
      idempotency !== "none" &&
      idempotency.scope === "tenant" &&
      (tenant === undefined || useCase.tenantOff)
    )
      report({
        at: within(idempotency, "scope"),
        message: `Keys belong to a tenant here, but ${tenant === undefined ? "the configuration has no tenant" : "this use case has `tenant: none`"}.`,
        help: "Write `scope: actor`, or leave it out.",
      });
    if (tenant === undefined || useCase.tenantOff) return;
    for (const load of tableLoads(useCase)) {
      const table = load.tenantOff ? undefined : findTable(load.table.name);
      const column = table && findColumn(table, tenant.column);
      if (table === undefined || column === undefined || fromColumn(column).kind === "string") continue;
      report({
        at: load.table,
        message: `${table.name}.${column.name} is ${column.sqlType}, and the caller's tenant is a text: they cannot be equal.`,
        help: "Make the column text or uuid, or write `tenant: none` on the load and bind it by a condition.",
      });
    }
  },
};
