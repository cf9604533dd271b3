import { mayMiss, type ValueType } from "../spec/expression/value-type.js";

/** Whether every value of one type is one of the other, as JSON. What is not known fits: it is told elsewhere. */
export function fits(given: ValueType, wanted: ValueType): boolean {
  if (given.kind === "unknown" || wanted.kind === "unknown" || wanted.kind === "json") return true;
  if (given.nullable === true && wanted.nullable !== true) return false;
  if (given.optional === true && !mayMiss(wanted)) return false;
  if (given.kind === "int" && wanted.kind === "double") return true;
  if (given.kind === "list" && wanted.kind === "list") return fits(given.items, wanted.items);
  if (given.kind === "string" && wanted.kind === "string") {
    const { values } = wanted;
    return (wanted.format !== "uuid" || given.format !== undefined) && (values === undefined || isWithin(given.values, values));
  }
  if (given.kind !== "object" || wanted.kind !== "object") return given.kind === wanted.kind;
  const { fields } = wanted;
  const missing = [...fields].some(([name, field]) => field.optional !== true && !given.fields.has(name));
  return !missing && [...given.fields].every(([name, field]) => fits(field, fields.get(name) ?? { kind: "null" }));
}

const isWithin = (values: readonly string[] | undefined, wanted: readonly string[]) =>
  values?.every((value) => wanted.includes(value)) === true;
