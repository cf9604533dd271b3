// What node-postgres makes of a column by the oid of its type; the rest is left as text, which Drizzle's columns read.
import type { ResultColumn, SqlText } from "../ports.js";
import { type ArrayText, parseArrayText } from "./array-text.js";

const decoders: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [16, (text) => text === "t"],
  [17, (text) => Buffer.from(text.slice(2), "hex")],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [114, JSON.parse],
  [3802, JSON.parse],
]);

/** The types of elements, by the types of arrays; of those that are not here, arrays stay text. */
const elements: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1001, 17],
  [1005, 21],
  [1007, 23],
  [1021, 700],
  [1022, 701],
  [199, 114],
  [3807, 3802],
  // Texts, numbers that are exact, times, uuids, addresses.
  ...[1002, 1003, 1009, 1014, 1015, 1016, 1028, 1115, 1182, 1183, 1185, 1187, 1231, 1270, 2951, 1040, 1041, 651].map(
    (type): [number, number] => [type, 25],
  ),
]);

/** A column's text as Drizzle expects it of a driver. */
export function driverValue({ type }: ResultColumn, text: SqlText): unknown {
  if (text === null) return null;
  const element = elements.get(type);
  return element === undefined ? scalar(type, text) : arrayValue(element, parseArrayText(text));
}

function scalar(type: number, text: string): unknown {
  const decode = decoders.get(type);
  // Called with the text alone: JSON.parse would take an index for a reviver.
  return decode === undefined ? text : decode(text);
}

function arrayValue(type: number, array: ArrayText): readonly unknown[] {
  return array.map((element) => {
    if (element === null) return null;
    return typeof element === "string" ? scalar(type, element) : arrayValue(type, element);
  });
}
