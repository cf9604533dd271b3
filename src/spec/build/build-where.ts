import type { Condition, ConditionValue, Operator, Where } from "../model.js";
import { type Cursor, child, entries, expression, items, located, optionalExpression } from "./cursor.js";

/** Conditions in Drizzle's relational form: column → expression, or column → operators; `OR`, `NOT`. */
export function buildWhere(at: Cursor): Where {
  const conditions: Condition[] = [];
  const or: Where[][] = [];
  const not: Where[] = [];
  for (const [key, value] of entries(at)) {
    if (key === "OR") or.push(items(value).map(buildWhere));
    else if (key === "NOT") not.push(buildWhere(value));
    else conditions.push(...buildConditions(key, value));
  }
  return { ...located(at), conditions, or, not };
}

function buildConditions(column: string, at: Cursor): Condition[] {
  const name = { ...located(at), name: column };
  if (typeof at.value !== "object") {
    return [{ ...located(at), column: name, operator: "eq", value: { kind: "expression", expression: expression(at) }, when: undefined }];
  }
  const when = optionalExpression(child(at, "when"));
  return entries(at)
    .filter(([key]) => key !== "when")
    .map(([key, value]) => ({
      ...located(value),
      column: name,
      operator: key === "const" ? "eq" : (key as Operator),
      value: key === "const" ? { kind: "const", value: value.value, ...located(value) } : operand(key, value),
      when,
    }));
}

function operand(operator: string, at: Cursor): ConditionValue {
  if (operator === "isNull" || operator === "isNotNull") return { kind: "flag", value: at.value === true, ...located(at) };
  const literal = child(at, "const");
  if (literal !== undefined) return { kind: "const", value: literal.value, ...located(literal) };
  return { kind: "expression", expression: expression(at) };
}
