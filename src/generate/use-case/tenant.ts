import type { Expression, TableLoad } from "../../spec/model.js";
import type { Code } from "../code/code.js";
import type { EmitContext } from "../emitter.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** The tenant that the convention binds: `({ actor }) => actor.tenantId`. */
export function tenantFunction({ tenant, expressions }: UseCaseParts): Code | undefined {
  return tenant && expressions.function(tenant, { kind: "actor" });
}

export function tenantExpression({ project }: EmitContext): Expression | undefined {
  const { tenant } = project.config;
  return tenant && { source: tenant.value, path: ["tenant", "value"] };
}

/** The column by which the convention binds a load, or a delete by condition; undefined where it does not hold or the spec binds it itself. */
export function tenantColumn(
  load: Pick<TableLoad, "where" | "tenantOff"> & { readonly table: { readonly name: string } },
  { context, tenantScoped }: UseCaseParts,
): string | undefined {
  const column = context.project.config.tenant?.column;
  if (!tenantScoped || load.tenantOff || column === undefined) return undefined;
  const exists = context.table(load.table.name).columns.some(({ name }) => name === column);
  const bound = load.where.conditions.some((condition) => condition.column.name === column);
  return exists && !bound ? column : undefined;
}
