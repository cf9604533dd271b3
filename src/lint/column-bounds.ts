import type { Column, Type } from "../spec/model.js";

/** The first whole number that a column does not hold any more. */
export const integerLimits: Readonly<Record<string, number>> = {
  smallint: 2 ** 15,
  smallserial: 2 ** 15,
  integer: 2 ** 31,
  serial: 2 ** 31,
};

/** Texts and whole numbers, unless the type lists their values. */
export function mayBeTooWide(type: Type): type is Type & { readonly kind: "scalar" } {
  return type.kind === "scalar" && sized.has(type.name) && !("enum" in type.keywords) && !("const" in type.keywords);
}

const sized: ReadonlySet<string> = new Set(["string", "email", "uri", "integer"]);

/** Whether the type allows values that the column cannot hold. */
export function tooWide(type: Type, column: Column): boolean {
  if (!mayBeTooWide(type)) return false;
  if (type.name === "integer") {
    const limit = integerLimits[column.sqlType];
    return limit !== undefined && exceeds(limit, type.keywords);
  }
  const length = longestText(column);
  const { maxLength } = type.keywords;
  return length !== undefined && (typeof maxLength !== "number" || maxLength > length);
}

function exceeds(limit: number, { minimum, exclusiveMinimum, maximum, exclusiveMaximum }: Type["keywords"]): boolean {
  const highest = number(maximum) ?? below(number(exclusiveMaximum), -1);
  const lowest = number(minimum) ?? below(number(exclusiveMinimum), 1);
  return highest === undefined || highest >= limit || lowest === undefined || lowest < -limit;
}

/** The bounds that a field of the column's values needs, as a remedy says them. */
export function kindOfBound(column: Column): string {
  const length = longestText(column);
  return length === undefined ? "`minimum` and `maximum`" : `\`maxLength: ${length}\``;
}

/** How many characters a column holds at most; undefined where it says nothing of it. */
export function longestText({ sqlType }: Column): number | undefined {
  const length = /^(?:varchar|char|character|character varying|bpchar)\s*\((\d+)\)$/.exec(sqlType)?.[1];
  return length === undefined ? undefined : Number(length);
}

const number = (value: unknown) => (typeof value === "number" ? value : undefined);
const below = (value: number | undefined, by: number) => (value === undefined ? undefined : value + by);
