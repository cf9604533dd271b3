import { describeType } from "../../spec/expression/describe-type.js";
import { conditionType, type ValueType } from "../../spec/expression/value-type.js";
import { findColumn } from "../../spec/find-table.js";
import type { JsonValue } from "../../spec/model.js";
import { nearest } from "../../spec/suggest.js";
import { allConditions } from "../conditions.js";
import type { Rule } from "../rule.js";

export const stateConstValue: Rule = {
  id: "state/const-value",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a literal that the column cannot have",
  why: "The load would find nothing, or the database would refuse the statement at run time.",
  bad: {
    spec: `
state:
  orders:
    table: orders
    where:
      customerId: command.orderId
      status: { in: { const: [draft, payed] } }  # found here
    cardinality: many
    lock: no key update
`,
  },
  good: {
    spec: `
state:
  orders:
    table: orders
    where:
      customerId: command.orderId
      status: { in: { const: [draft, paid] } }
    cardinality: many
    lock: no key update
`,
  },
  check({ useCase, findTable }, report) {
    for (const load of useCase.loads) {
      const table = load.kind === "table" ? findTable(load.table.name) : undefined;
      if (load.kind !== "table" || table === undefined) continue;
      for (const { column: name, operator, value } of allConditions(load.where)) {
        const column = findColumn(table, name.name);
        if (value.kind !== "const" || column === undefined) continue;
        const expected = conditionType(column, operator);
        const wrong = firstWrong(value.value, expected);
        if (wrong === undefined) continue;
        const values = expected.kind === "list" ? expected.items : expected;
        report({
          at: value,
          message: `${table.name}.${column.name} is ${describeType(values)}; ${JSON.stringify(wrong)} is not.`,
          suggestions: values.kind === "string" && typeof wrong === "string" ? nearest(wrong, values.values ?? []) : [],
        });
      }
    }
  },
};

/** The part of a literal that is not of the type. */
function firstWrong(value: JsonValue, type: ValueType): JsonValue | undefined {
  if (type.kind !== "list") return fits(value, type) ? undefined : value;
  if (!Array.isArray(value)) return value;
  return value.find((item: JsonValue) => firstWrong(item, type.items) !== undefined);
}

function fits(value: JsonValue, type: ValueType): boolean {
  switch (type.kind) {
    case "string":
      if (typeof value !== "string") return false;
      if (type.format === "uuid") return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
      return type.values === undefined || type.values.includes(value);
    case "int":
      return Number.isInteger(value);
    case "double":
      return typeof value === "number";
    case "bool":
      return typeof value === "boolean";
    case "decimal":
      return typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value));
    case "bigint":
      return Number.isInteger(value) || (typeof value === "string" && /^-?\d+$/.test(value));
    case "timestamp":
    case "date":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
    default:
      return true;
  }
}
