// What a value is, and how TypeScript holds it. The same instant is a `Date` where a column has it, RFC 3339 text in a
// command, and Postgres' own text in a column of `mode: "string"`: `as` tells them apart, so that comparing and
// passing on can convert.
import type { Column, Field, Operator, Project, Table, Type } from "../model.js";
import { oncePer } from "../once-per.js";
import { findType } from "../resolve-type.js";

export type Shape =
  /** `values`: no other text is possible. `uuid`: it is one; `open`: text of outside that may be one (the actor's id). */
  | { readonly kind: "string"; readonly format?: "uuid" | "open"; readonly values?: readonly string[] }
  | { readonly kind: "int" | "double" | "bool" | "null" | "json" }
  /** Milliseconds in TypeScript. */
  | { readonly kind: "duration" }
  | { readonly kind: "decimal"; readonly as: "string" | "object" }
  | { readonly kind: "bigint"; readonly as: "string" | "bigint" }
  /** `zone: false`: Postgres text without an offset, which is UTC as Drizzle reads it. */
  | { readonly kind: "timestamp"; readonly as: "Date" | "rfc3339" | "postgres"; readonly zone?: boolean }
  | { readonly kind: "date"; readonly as: "string" | "Date" }
  | { readonly kind: "list"; readonly items: ValueType }
  /** A `ReadonlyMap`: a load with `keyBy`. */
  | { readonly kind: "map"; readonly key: ValueType; readonly value: ValueType }
  /** `name`: as messages say it (`a row of orders`). */
  | { readonly kind: "object"; readonly fields: ReadonlyMap<string, ValueType>; readonly name?: string }
  /** Known to the compiler only (a custom column type): it may be passed on and compared, no more. */
  | { readonly kind: "opaque"; readonly name: string }
  /** Only as what is expected: text of an ordering key or a lock, made from any scalar. */
  | { readonly kind: "key" }
  /** After a mistake that is already reported. */
  | { readonly kind: "unknown" };

export type ValueType = Shape & {
  readonly nullable?: boolean;
  /** May be absent: `undefined` in TypeScript. */
  readonly optional?: boolean;
  /** Checked to be there by a condition that TypeScript does not follow (`filter`): it still sees null or undefined. */
  readonly assured?: boolean;
};

export const string: ValueType = { kind: "string" };
export const uuid: ValueType = { kind: "string", format: "uuid" };
/** Text that the caller's surroundings give: as a uuid column sees it, a uuid. */
export const openString: ValueType = { kind: "string", format: "open" };
export const int: ValueType = { kind: "int" };
export const double: ValueType = { kind: "double" };
export const bool: ValueType = { kind: "bool" };
export const json: ValueType = { kind: "json" };
export const nullType: ValueType = { kind: "null", nullable: true };
export const duration: ValueType = { kind: "duration" };
/** A `Date`: `now`, and what a job's `at` expects. */
export const instant: ValueType = { kind: "timestamp", as: "Date" };
/** RFC 3339 text: timestamps of commands, results and payloads. */
export const timestampText: ValueType = { kind: "timestamp", as: "rfc3339" };
export const decimal: ValueType = { kind: "decimal", as: "object" };
export const decimalText: ValueType = { kind: "decimal", as: "string" };
export const bigint: ValueType = { kind: "bigint", as: "bigint" };
export const dateText: ValueType = { kind: "date", as: "string" };
export const key: ValueType = { kind: "key" };
export const unknown: ValueType = { kind: "unknown" };

export function listOf(items: ValueType): ValueType {
  return { kind: "list", items };
}

/** A text that is written out. */
export function oneText(value: string): ValueType {
  const values = [value];
  return { kind: "string", values };
}

export function objectOf(fields: Iterable<readonly [string, ValueType]>, name?: string): ValueType {
  return objectWith(new Map(fields), name);
}

function objectWith(fields: ReadonlyMap<string, ValueType>, name: string | undefined): ValueType {
  return name === undefined ? { kind: "object", fields } : { kind: "object", fields, name };
}

export function nullable(type: ValueType): ValueType {
  return { ...type, nullable: true };
}

/** The same type, there for certain: neither null nor absent. */
export function present(type: ValueType): ValueType {
  const { nullable: _nullable, optional: _optional, assured: _assured, ...shape } = type;
  return shape;
}

/** May it be missing, as null or as absent? */
export function mayMiss(type: ValueType): boolean {
  return type.nullable === true || type.optional === true;
}

// ------------------------------------------------------------------------------------------------------ from a column

const columnTypes: Readonly<Record<string, ValueType>> = {
  PgText: string,
  PgVarchar: string,
  PgChar: string,
  PgEnumColumn: string,
  PgEnumObjectColumn: string,
  PgTime: string,
  PgInterval: string,
  PgInet: string,
  PgCidr: string,
  PgMacaddr: string,
  PgMacaddr8: string,
  PgUUID: uuid,
  PgInteger: int,
  PgSmallInt: int,
  PgSerial: int,
  PgSmallSerial: int,
  PgBigInt53: int,
  PgBigSerial53: int,
  PgReal: double,
  PgDoublePrecision: double,
  PgNumericNumber: double,
  PgNumeric: decimalText,
  PgNumericBigInt: bigint,
  PgBigInt64: bigint,
  PgBigSerial64: bigint,
  PgBoolean: bool,
  PgTimestamp: instant,
  PgDateString: dateText,
  PgDate: { kind: "date", as: "Date" },
  PgJson: json,
  PgJsonb: json,
};

/** What Drizzle gives for a column of a loaded row. */
export function fromColumn(column: Column): ValueType {
  const shape = columnShape(column);
  return column.notNull ? shape : nullable(shape);
}

function columnShape(column: Column): ValueType {
  if (column.columnType === "PgTimestampString") {
    return { kind: "timestamp", as: "postgres", zone: column.sqlType.endsWith("with time zone") };
  }
  if (column.columnType === "PgArray" && column.element !== undefined) return listOf(columnShape(column.element));
  if (column.columnType === "PgCustomColumn" && column.sqlType === "citext") return string;
  const known = columnTypes[column.columnType];
  if (known === undefined) return { kind: "opaque", name: column.sqlType };
  return known.kind === "string" && column.enumValues !== undefined ? { ...known, values: column.enumValues } : known;
}

/** A loaded row: all columns of a table or view, or the projected ones. */
export function fromTable(table: Table, columns?: readonly string[]): ValueType {
  if (columns !== undefined) return rowOf(table, (column) => columns.includes(column.name));
  return wholeRow(table);
}

/** Many use cases load from one table. */
const wholeRow = oncePer((table: Table) => rowOf(table, () => true));

function rowOf({ name, columns }: Table, isChosen: (column: Column) => boolean): ValueType {
  return objectOf(
    columns.filter(isChosen).map((column) => [column.name, fromColumn(column)]),
    `a row of ${name}`,
  );
}

/** What a condition of `where` expects under an operator. Null never equals anything in SQL, so no operator takes it. */
export function conditionType(column: Column, operator: Operator): ValueType {
  const type = columnShape(column);
  switch (operator) {
    case "in":
    case "notIn":
      return listOf(type);
    case "like":
    case "ilike":
      return string;
    case "arrayContains":
      return type;
    case "isNull":
    case "isNotNull":
      return bool;
    default:
      return type;
  }
}

// ------------------------------------------------------------------------------------------- from a type of the spec

const scalars: Readonly<Record<string, ValueType>> = {
  string,
  integer: int,
  number: double,
  boolean: bool,
  uuid,
  date: dateText,
  timestamp: timestampText,
  decimal: decimalText,
  bigint: { kind: "bigint", as: "string" },
  email: string,
  uri: string,
  json,
};

/**
 * What TypeScript sees for a type of a spec: the same shape as over the wire. A field without a type (`from` alone) is
 * `unknown` here: `scope.ts` asks its expression. A type that contains itself is JSON from there on.
 */
export function fromType(project: Pick<Project, "types">, type: Type, within: readonly string[] = []): ValueType {
  const shape = typeShape(project, type, within);
  return type.nullable ? nullable(shape) : shape;
}

function typeShape(project: Pick<Project, "types">, type: Type, within: readonly string[]): ValueType {
  switch (type.kind) {
    case "scalar":
      return withKeywords(scalars[type.name] ?? unknown, type);
    case "enum":
      return { kind: "string", values: type.values };
    case "array":
      return listOf(fromType(project, type.items, within));
    case "object":
      return fromFields(project, type.fields, undefined, within);
    case "reference": {
      if (within.includes(type.name)) return json;
      const shared = findType(project, type.name);
      return shared === undefined ? unknown : fromType(project, shared.type, [...within, type.name]);
    }
    case "inferred":
      return unknown;
  }
}

function withKeywords(shape: ValueType, { keywords }: Type): ValueType {
  if (shape.kind !== "string" || shape.format !== undefined) return shape;
  const values = "const" in keywords ? [keywords.const] : keywords.enum;
  return Array.isArray(values) && values.every((value) => typeof value === "string") ? { kind: "string", values } : shape;
}

/** Fields with a default are there for the handler, whether the caller sent them or not. `name`: as messages say the whole. */
export function fromFields(
  project: Pick<Project, "types">,
  fields: readonly Field[],
  name?: string,
  within: readonly string[] = [],
): ValueType {
  return objectWith(new FieldTypes(project, fields, within), name);
}

/**
 * The types of fields, each found when somebody asks for it. Shared types may refer to each other in long chains and
 * rings, of which an expression reads a step or two.
 */
class FieldTypes implements ReadonlyMap<string, ValueType> {
  readonly #project: Pick<Project, "types">;
  readonly #fields: readonly Field[];
  readonly #within: readonly string[];
  readonly #known = new Map<string, ValueType>();
  #all: ReadonlyMap<string, ValueType> | undefined;

  constructor(project: Pick<Project, "types">, fields: readonly Field[], within: readonly string[]) {
    this.#project = project;
    this.#fields = fields;
    this.#within = within;
  }

  get(name: string): ValueType | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const field = this.#fields.findLast((each) => each.name === name);
    if (field === undefined) return undefined;
    const type = fromField(this.#project, field, this.#within);
    this.#known.set(name, type);
    return type;
  }

  has(name: string): boolean {
    return this.#fields.some((field) => field.name === name);
  }

  get size(): number {
    return this.#whole().size;
  }

  keys() {
    return this.#whole().keys();
  }

  values() {
    return this.#whole().values();
  }

  entries() {
    return this.#whole().entries();
  }

  [Symbol.iterator]() {
    return this.#whole()[Symbol.iterator]();
  }

  forEach(callback: (type: ValueType, name: string, map: ReadonlyMap<string, ValueType>) => void): void {
    for (const [name, type] of this) callback(type, name, this);
  }

  #whole(): ReadonlyMap<string, ValueType> {
    this.#all ??= new Map(this.#fields.map((field) => [field.name, fromField(this.#project, field, this.#within)]));
    return this.#all;
  }
}

export function fromField(project: Pick<Project, "types">, field: Field, within: readonly string[] = []): ValueType {
  const type = fromType(project, field.type, within);
  return field.optional && !("default" in field.type.keywords) ? { ...type, optional: true } : type;
}

/** How a value travels in results, events and jobs: instants, decimals and big integers as text, maps and rows as objects. */
export function wireType(type: ValueType): ValueType {
  const { assured: _assured, ...rest } = type;
  const flags = { ...(rest.nullable && { nullable: true }), ...(rest.optional && { optional: true }) };
  switch (type.kind) {
    case "timestamp":
      return { kind: "timestamp", as: "rfc3339", ...flags };
    case "date":
      return { kind: "date", as: "string", ...flags };
    case "decimal":
      return { kind: "decimal", as: "string", ...flags };
    case "bigint":
      return { kind: "bigint", as: "string", ...flags };
    case "list":
      return { kind: "list", items: wireType(type.items), ...flags };
    case "object":
      return { kind: "object", fields: new Map([...type.fields].map(([name, field]) => [name, wireType(field)])), ...flags };
    default:
      return rest;
  }
}
