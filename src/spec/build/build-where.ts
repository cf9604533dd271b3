import type { Condition, ConditionValue, Operator, Where } from "../model.js";
import { type Cursor, child, entries, expression, items, optionalExpression } from "./cursor.js";

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
  return { path: at.path, file: at.file, conditions, or, not };
}

function buildConditions(column: string, at: Cursor): Condition[] {
  const { path, file } = at;
  const name = { path, file, name: column };
  if (typeof at.value !== "object") {
    return [{ path, file, column: name, operator: "eq", value: { kind: "expression", expression: expression(at) }, when: undefined }];
  }
  const when = optionalExpression(child(at, "when"));
  return entries(at)
    .filter(([key]) => key !== "when")
    .map(([key, value]) => ({
      path: value.path,
      file: value.file,
      column: name,
      operator: key === "const" ? "eq" : (key as Operator),
      value: key === "const" ? constant(value) : operand(key, value),
      when,
    }));
}

function operand(operator: string, at: Cursor): ConditionValue {
  if (operator === "isNull" || operator === "isNotNull") return { kind: "flag", value: at.value === true, path: at.path, file: at.file };
  const literal = child(at, "const");
  return literal === undefined ? { kind: "expression", expression: expression(at) } : constant(literal);
}

function constant({ value, path, file }: Cursor): ConditionValue {
  return { kind: "const", value, path, file };
}
