import type { Typed } from "../../spec/expression/typed.js";

/** The names of all fields that an expression reads, of whatever object. */
export function fieldNames(tree: Typed): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    if ("op" in value && value.op === "field" && "name" in value && typeof value.name === "string") names.add(value.name);
    for (const [key, child] of Object.entries(value)) if (key !== "type") visit(child);
  };
  visit(tree);
  return names;
}
