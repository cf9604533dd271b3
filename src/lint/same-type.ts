import type { ValueType } from "../spec/expression/value-type.js";

/** Whether two values have one shape. What is not known (a mistake that is told elsewhere) differs from nothing. */
export function sameType(a: ValueType | undefined, b: ValueType | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.kind === "unknown" || b.kind === "unknown") return true;
  if (a.kind !== b.kind || isSet(a.nullable) !== isSet(b.nullable) || isSet(a.optional) !== isSet(b.optional)) return false;
  if (a.kind === "list" && b.kind === "list") return sameType(a.items, b.items);
  if (a.kind === "string" && b.kind === "string") return sameValues(a.values, b.values) && isUuid(a) === isUuid(b);
  if (a.kind !== "object" || b.kind !== "object") return true;
  const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
  return [...names].every((name) => sameType(a.fields.get(name), b.fields.get(name)));
}

/** The fields in which two objects differ. */
export function differingFields(a: ValueType, b: ValueType): readonly string[] {
  if (a.kind !== "object" || b.kind !== "object") return [];
  const { fields } = b;
  const names = new Set([...a.fields.keys(), ...fields.keys()]);
  return [...names].filter((name) => !sameType(a.fields.get(name), fields.get(name)));
}

const isSet = (flag: boolean | undefined) => flag === true;
const isUuid = ({ format }: { readonly format?: "uuid" | "open" }) => format === "uuid";

function sameValues(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((value) => b.includes(value));
}
