// The one place where values become Postgres' text and text becomes values: drivers carry text or null and nothing else.
import { is, SQL } from "drizzle-orm";
import { PgArray, type PgColumn, PgJson, PgJsonb } from "drizzle-orm/pg-core";
import type { SqlText } from "../ports.js";
import { type ArrayText, arrayText, parseArrayText } from "./array-text.js";
import { storableJson, storableText } from "./storable-text.js";

export interface ColumnCodec {
  /** A value of the column as the application has it → text. Throws a TypeError for what cannot be stored. */
  encode(value: unknown): SqlText;
  /** The reverse. */
  decode(text: SqlText): unknown;
}

/** Made once per column: what the column is does not change from value to value. */
export function columnCodec(column: PgColumn): ColumnCodec {
  const encodeValue = encoderOf(column);
  const decodeText = decoderOf(column);
  return {
    encode(value) {
      try {
        return encodeValue(value);
      } catch (error) {
        throw new TypeError(`Column "${column.name}": ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
      }
    },
    decode: (text) => (text === null ? null : decodeText(text)),
  };
}

function encoderOf(column: PgColumn): (value: unknown) => SqlText {
  const encode = presentEncoder(column);
  return (value) => {
    if (value === null) return null;
    if (value === undefined) throw new TypeError("the value is undefined");
    if (is(value, SQL)) throw new TypeError("an SQL expression is not a value; it cannot be queued");
    return encode(value);
  };
}

function presentEncoder(column: PgColumn): (value: unknown) => SqlText {
  if (is(column, PgArray)) {
    const elements = elementsEncoder(column.baseColumn);
    return (value) => arrayText(elements(value));
  }
  // Drizzle's own json columns stringify as they are; ours also refuses what jsonb would refuse.
  if (is(column, PgJson) || is(column, PgJsonb)) return storableJson;
  return (value) => driverText(column.mapToDriverValue(value));
}

function elementsEncoder(element: PgColumn): (value: unknown) => ArrayText {
  const nested = is(element, PgArray) ? elementsEncoder(element.baseColumn) : undefined;
  const encode = encoderOf(element);
  return (value) => {
    if (!Array.isArray(value)) throw new TypeError("the value is not an array");
    return value.map((item) => (nested === undefined || item === null ? encode(item) : nested(item)));
  };
}

/** What Drizzle would hand to a driver, as text. */
export function driverText(value: unknown): SqlText {
  if (value === null) return null;
  switch (typeof value) {
    case "string":
      return storableText(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError("the number is not finite");
      return String(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      if (value instanceof Date) return value.toISOString();
      if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
      if (is(value, SQL)) throw new TypeError("an SQL expression is not a value; it cannot be queued");
      if (Array.isArray(value)) return arrayText(value.map(driverText));
      return storableJson(value);
    default:
      throw new TypeError(`a ${typeof value} cannot be stored`);
  }
}

function decoderOf(column: PgColumn): (text: string) => unknown {
  if (is(column, PgArray)) {
    const decodeElement = decoderOf(innermost(column));
    const decodeAll = (elements: ArrayText): unknown[] =>
      elements.map((element) => (element === null ? null : typeof element === "string" ? decodeElement(element) : decodeAll(element)));
    return (text) => decodeAll(parseArrayText(text));
  }
  const base = baseDecoder(column.getSQLType());
  return (text) => column.mapFromDriverValue(base(text));
}

/** `integer[][]` is an array of arrays to Drizzle, and one array of two dimensions to Postgres. */
function innermost(column: PgColumn): PgColumn {
  return is(column, PgArray) ? innermost(column.baseColumn) : column;
}

/** What node-postgres makes of a text by its type, before Drizzle's column sees it. */
function baseDecoder(type: string): (text: string) => unknown {
  if (/^(?:integer|smallint|real|double precision|serial|smallserial)/i.test(type)) return Number;
  if (/^bool/i.test(type)) return (text) => text === "t";
  if (/^jsonb?$/i.test(type)) return (text) => JSON.parse(text);
  if (/^bytea/i.test(type)) return (text) => Buffer.from(text.slice(2), "hex");
  return (text) => text;
}
