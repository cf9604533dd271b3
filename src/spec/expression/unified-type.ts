// How the types of two branches become one.

import { inspectDate, inspectDecimal, inspectTimestamp } from "./literals.js";
import type { Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

/** The type of a branch beside another: text like '0.00' is a decimal beside a decimal. */
export function asWritten(node: Typed, beside: ValueType): ValueType {
  if (node.op !== "literal" || typeof node.value !== "string") return node.type;
  if (beside.kind === "decimal" && inspectDecimal(node.value) === undefined) return types.decimalText;
  if (beside.kind === "date" && inspectDate(node.value) === undefined) return types.dateText;
  if (beside.kind === "timestamp" && inspectTimestamp(node.value) === undefined) return types.timestampText;
  return node.type;
}

/** The type that holds both, or undefined. Where the two are held differently, the one that is calculated with. */
export function unified(a: ValueType, b: ValueType): ValueType | undefined {
  if (a.kind === "unknown" || b.kind === "unknown") return types.unknown;
  const flags = {
    ...((a.nullable || b.nullable) && { nullable: true }),
    ...((a.optional || b.optional) && { optional: true }),
    ...((a.assured || b.assured) && { assured: true }),
  };
  if (a.kind === "null") return { ...b, ...flags, nullable: true };
  if (b.kind === "null") return { ...a, ...flags, nullable: true };
  const shape = unifiedShape(types.present(a), types.present(b));
  return shape === undefined ? undefined : { ...shape, ...flags };
}

function unifiedShape(a: ValueType, b: ValueType): ValueType | undefined {
  if (a.kind === "string" && b.kind === "string") {
    const values = a.values !== undefined && b.values !== undefined ? [...new Set([...a.values, ...b.values])] : undefined;
    const format = a.format === b.format ? a.format : undefined;
    return { kind: "string", ...(values !== undefined && { values }), ...(format !== undefined && { format }) };
  }
  if ((a.kind === "int" && b.kind === "double") || (a.kind === "double" && b.kind === "int")) return types.double;
  if (a.kind === "decimal" && b.kind === "decimal") return a.as === b.as ? a : types.decimal;
  if (a.kind === "bigint" && b.kind === "bigint") return a.as === b.as ? a : types.bigint;
  if (a.kind === "timestamp" && b.kind === "timestamp") return a.as === b.as && a.zone === b.zone ? a : types.instant;
  if (a.kind === "date" && b.kind === "date") return a.as === b.as ? a : types.dateText;
  if (a.kind === "list" && b.kind === "list") {
    const items = unified(a.items, b.items);
    return items === undefined ? undefined : types.listOf(items);
  }
  if (a.kind === "object" && b.kind === "object") {
    if (a.fields.size !== b.fields.size) return undefined;
    const fields: (readonly [string, ValueType])[] = [];
    for (const [name, field] of a.fields) {
      const other = b.fields.get(name);
      const type = other === undefined ? undefined : unified(field, other);
      if (type === undefined) return undefined;
      fields.push([name, type]);
    }
    return types.objectOf(fields, a.name === b.name ? a.name : undefined);
  }
  if (a.kind === "opaque" && b.kind === "opaque") return a.name === b.name ? a : undefined;
  return a.kind === b.kind && a.kind !== "map" ? a : undefined;
}
