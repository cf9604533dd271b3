import { findColumn } from "../../spec/find-table.js";
import type { Condition, Where } from "../../spec/model.js";
import { allConditions } from "../conditions.js";
import type { Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";

export const stateNullExcluded: Rule = {
  id: "state/null-excluded",
  severity: "warning",
  local: true,
  subject: "use case",
  summary: "conditions with `ne` or `notIn` on a column that may be null",
  why: "In SQL nothing is known to differ from null: rows without a value are left out, though they do not have the value that was to be excluded.",
  bad: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  others:
    table: orders
    where:
      customerId: order.customerId
      note: { ne: { const: done } }  # found here
    cardinality: many
policies:
  - rule: size(others) < 10
writes:
  notes: [insert]
`,
  },
  good: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  others:
    table: orders
    where:
      customerId: order.customerId
      OR: [{ note: { ne: { const: done } } }, { note: { isNull: true } }]
    cardinality: many
policies:
  - rule: size(others) < 10
writes:
  notes: [insert]
`,
  },
  check({ useCase, findTable }, report) {
    for (const load of tableLoads(useCase)) {
      const table = allConditions(load.where).some(isExclusion) ? findTable(load.table.name) : undefined;
      if (table === undefined) continue;
      for (const { column, operator, path, file } of exclusions(load.where, new Set())) {
        const found = findColumn(table, column.name);
        if (found === undefined || found.notNull) continue;
        report({
          at: { path, ...(file !== undefined && { file }) },
          message: `\`${operator}\` on ${table.name}.${column.name} also leaves out the rows where it is null.`,
          help: `Add \`isNotNull: true\` if that is meant, else \`OR: [{ ${column.name}: { ${operator}: … } }, { ${column.name}: { isNull: true } }]\`.`,
        });
      }
    }
  },
};

/** The conditions that leave out nulls without anybody saying so. */
function* exclusions(where: Where, said: ReadonlySet<string>): Iterable<Condition> {
  const known = new Set([...said, ...saidOf(where)]);
  for (const condition of where.conditions) if (isExclusion(condition) && !known.has(condition.column.name)) yield condition;
  for (const branches of where.or) {
    const inBranches = new Set([...known, ...branches.flatMap(saidOf)]);
    for (const branch of branches) yield* exclusions(branch, inBranches);
  }
  for (const not of where.not) yield* exclusions(not, known);
}

const isExclusion = ({ operator }: Condition) => operator === "ne" || operator === "notIn";

const saidOf = ({ conditions }: Where) =>
  conditions.filter(({ operator }) => operator === "isNull" || operator === "isNotNull").map(({ column }) => column.name);
