import type { ValueType } from "../../spec/expression/value-type.js";
import type { Field, Project, Type } from "../../spec/model.js";
import { findType, resolveType } from "../../spec/resolve-type.js";
import { commentLines, literal, propertyKey, quoted } from "../encode.js";
import { arrayOf, type Code, type Member, member, members, union } from "./code.js";

export interface TypeCodeOptions {
  readonly project: Pick<Project, "types">;
  /** Imports a shared type and returns its local name. `input`: as the caller sends it, where the two differ. */
  readonly shared: (name: string, input: boolean) => string;
  /** As the caller sends it: fields with a default may be left out. */
  readonly input?: boolean;
  /** The type of a field that has `from` and no type. */
  readonly inferred?: (field: Field) => ValueType;
}

/** The TypeScript type of a type of the language: the shape that goes over the wire. */
export function typeCode(type: Type, options: TypeCodeOptions): Code {
  const code = shapeCode(type, options);
  return type.nullable ? union([code, "null"]) : code;
}

function shapeCode(type: Type, options: TypeCodeOptions): Code {
  const { const: only, enum: values } = type.keywords;
  if (isPrimitive(only)) return literal(only);
  if (Array.isArray(values) && values.every(isPrimitive)) return union(values.map(literal));
  switch (type.kind) {
    case "scalar":
      return scalarTypes[type.name];
    case "enum":
      return union(type.values.map(literal));
    case "array":
      return arrayOf(typeCode(type.items, options));
    case "object":
      return members(type.fields.map((field) => plainMember(field, options)));
    case "reference":
      return options.shared(type.name, (options.input ?? false) && hasDefault(type, options.project));
    case "inferred":
      return "unknown";
  }
}

const scalarTypes = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  uuid: "string",
  date: "string",
  timestamp: "string",
  decimal: "string",
  bigint: "string",
  email: "string",
  uri: "string",
  json: "unknown",
} as const;

/** A field as a member of an interface, with its JSDoc. */
export function fieldMember(field: Field, options: TypeCodeOptions): Member {
  return plainMember(field, options, fieldComment(field, options));
}

/** A field as a member of an object type within a line. */
export function plainMember(field: Field, options: TypeCodeOptions, comment: readonly string[] = []): Member {
  const { type } = field;
  if (type.kind === "inferred" && options.inferred !== undefined) return valueMember(field.name, options.inferred(field), comment);
  const code = typeCode(type, options);
  const fallback = defaultOf(type, options.project);
  const optional = options.input === true ? field.optional || fallback !== undefined : field.optional && fallback === undefined;
  return member(propertyKey(field.name), optional ? union([code, "undefined"]) : code, { optional, comment });
}

function fieldComment({ type }: Field, { project, input }: TypeCodeOptions): readonly string[] {
  const { description, deprecated } = type.keywords;
  const shared = resolveType(project, type) ?? type;
  const lines = typeof description === "string" ? [...commentLines(description)] : [];
  if (type.kind === "scalar" && !("description" in type.keywords)) lines.push(...(formats[type.name] ?? []));
  if (shared.secret) lines.push("Secret: never in audit, logs or events.");
  const fallback = input === true ? shared.keywords["default"] : undefined;
  if (fallback !== undefined) lines.push(`Default: ${quoted(literal(fallback))}.`);
  if (deprecated === true) lines.push("@deprecated");
  return lines;
}

/** How a type is written that TypeScript sees as text, where its name alone does not say so. */
const formats: Readonly<Record<string, readonly string[]>> = {
  bigint: ["A whole number as text."],
  date: ["A date: `2026-11-22`."],
  decimal: ["An exact number as text: `12.50`."],
  timestamp: ["A time as RFC 3339 has it: `2026-11-22T09:30:00Z`."],
};

/** Does the caller's form of a type differ from the handler's? */
export function hasDefault(type: Type, project: Pick<Project, "types">, seen?: Set<string>): boolean {
  switch (type.kind) {
    case "array":
      return hasDefault(type.items, project, seen);
    case "object":
      return type.fields.some((field) => defaultOf(field.type, project) !== undefined || hasDefault(field.type, project, seen));
    case "reference":
      return seen === undefined ? sharedHasDefault(type.name, project) : leadsToDefault(type.name, project, seen);
    default:
      return false;
  }
}

/** Found out once for each shared type: many commands have the same, and one leads to others. */
function sharedHasDefault(name: string, project: Pick<Project, "types">): boolean {
  const known = sharedDefaults.get(project.types) ?? new Map<string, boolean>();
  sharedDefaults.set(project.types, known);
  const answer = known.get(name);
  if (answer !== undefined) return answer;
  const seen = new Set<string>();
  const found = leadsToDefault(name, project, seen);
  // Where none was found, no type on the way leads to one.
  for (const each of found ? [name] : seen) known.set(each, found);
  return found;
}

const sharedDefaults = new WeakMap<Project["types"], Map<string, boolean>>();

function leadsToDefault(name: string, project: Pick<Project, "types">, seen: Set<string>): boolean {
  const shared = seen.has(name) ? undefined : findType(project, name);
  seen.add(name);
  return shared !== undefined && hasDefault(shared.type, project, seen);
}

export function defaultOf(type: Type, project: Pick<Project, "types">): unknown {
  return (resolveType(project, type) ?? type).keywords["default"];
}

/** The TypeScript type of a computed value, as it goes over the wire. */
export function valueTypeCode(type: ValueType): Code {
  const code = valueShapeCode(type);
  return type.nullable === true && type.kind !== "null" ? union([code, "null"]) : code;
}

function valueShapeCode(type: ValueType): Code {
  switch (type.kind) {
    case "string":
      return type.values === undefined ? "string" : union(type.values.map(literal));
    case "int":
    case "double":
    case "duration":
      return "number";
    case "bool":
      return "boolean";
    case "null":
      return "null";
    case "list":
      return arrayOf(valueTypeCode(type.items));
    case "object":
      return members([...type.fields].map(([name, field]) => valueMember(name, field)));
    case "decimal":
    case "bigint":
    case "timestamp":
    case "date":
    case "key":
      return "string";
    case "map":
    case "json":
    case "opaque":
    case "unknown":
      return "unknown";
  }
}

function valueMember(name: string, type: ValueType, comment: readonly string[] = []): Member {
  const code = valueTypeCode(type);
  const optional = type.optional === true;
  return member(propertyKey(name), optional ? union([code, "undefined"]) : code, { optional, comment });
}

function isPrimitive(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
