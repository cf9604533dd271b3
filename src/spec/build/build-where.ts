import type { Condition, ConditionValue, Operator, Where } from "../model.js";
import { type Cursor, child, type Entry, entries, expression, items, optionalExpression } from "./cursor.js";

/** Conditions in Drizzle's relational form: column → expression, or column → operators; `OR`, `NOT`. */
export function buildWhere(at: Cursor): Where {
  const conditions: Condition[] = [];
  const or: Where[][] = [];
  const not: Where[] = [];
  for (const entry of entries(at)) {
    if (entry.key === "OR") or.push(items(entry).map(buildWhere));
    else if (entry.key === "NOT") not.push(buildWhere(entry));
    else conditions.push(...buildConditions(entry));
  }
  return { path: at.path, file: at.file, conditions, or, not };
}

function buildConditions(at: Entry): Condition[] {
  const { path, file, key: column } = at;
  const name = { path, file, name: column };
  if (typeof at.value !== "object") {
    return [{ path, file, column: name, operator: "eq", value: { kind: "expression", expression: expression(at) }, when: undefined }];
  }
  const when = optionalExpression(child(at, "when"));
  return entries(at)
    .filter(({ key }) => key !== "when")
    .map((entry) => ({
      path: entry.path,
      file: entry.file,
      column: name,
      operator: entry.key === "const" ? "eq" : (entry.key as Operator),
      value: entry.key === "const" ? constant(entry) : operand(entry),
      when,
    }));
}

function operand(at: Entry): ConditionValue {
  if (at.key === "isNull" || at.key === "isNotNull") return { kind: "flag", value: at.value === true, path: at.path, file: at.file };
  const literal = child(at, "const");
  return literal === undefined ? { kind: "expression", expression: expression(at) } : constant(literal);
}

function constant({ value, path, file }: Cursor): ConditionValue {
  return { kind: "const", value, path, file };
}
