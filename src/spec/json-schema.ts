import type { Field, JsonValue, Project, ScalarName, Type } from "./model.js";
import { findType, resolveType } from "./resolve-type.js";

export type JsonSchemaObject = { readonly [keyword: string]: JsonValue };

/** A schema whose shared types are `$ref`s, and their names. */
export interface OpenSchema {
  readonly schema: JsonSchemaObject;
  readonly references: ReadonlySet<string>;
}

/**
 * Fields as a JSON Schema 2020-12: a mapping with these keys and no others. Shared types are under `$defs`. A field with
 * a default is not required, and carries the default where validators look for it (beside the reference, too).
 */
export function commandJsonSchema(project: Pick<Project, "types">, fields: readonly Field[]): JsonSchemaObject {
  const { schema, references } = fieldsJsonSchema(project, fields);
  const shared = new Map<string, JsonSchemaObject>();
  const open = [...references];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const declared = findType(project, name);
    if (declared === undefined || shared.has(name)) continue;
    const made = typeJsonSchema(project, declared.type);
    shared.set(name, made.schema);
    open.push(...made.references);
  }
  const $defs = Object.fromEntries([...shared].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { $schema: "https://json-schema.org/draft/2020-12/schema", ...schema, ...(shared.size > 0 ? { $defs } : {}) };
}

/** Fields alone; the shared types stay references. */
export function fieldsJsonSchema(project: Pick<Project, "types">, fields: readonly Field[]): OpenSchema {
  return openSchema(project, ({ ofFields }) => ofFields(fields));
}

/** A type alone; the shared types in it stay references. */
export function typeJsonSchema(project: Pick<Project, "types">, type: Type): OpenSchema {
  return openSchema(project, ({ ofType }) => ofType(type));
}

interface SchemaWriter {
  ofFields(fields: readonly Field[]): JsonSchemaObject;
  ofType(type: Type): JsonSchemaObject;
}

function openSchema(project: Pick<Project, "types">, write: (writer: SchemaWriter) => JsonSchemaObject): OpenSchema {
  const references = new Set<string>();
  const schema = write({ ofFields: objectSchema, ofType: typeSchema });
  return { schema, references };

  function objectSchema(members: readonly Field[]): JsonSchemaObject {
    const required = members.filter(({ optional, type }) => !optional && defaultOf(type) === undefined).map(({ name }) => name);
    return {
      type: "object",
      properties: Object.fromEntries(members.map(({ name, type }) => [name, withDefault(typeSchema(type), defaultOf(type))])),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
    };
  }

  function defaultOf(type: Type): JsonValue | undefined {
    return resolveType(project, type)?.keywords["default"];
  }

  function typeSchema(type: Type): JsonSchemaObject {
    const annotations = type.secret ? { writeOnly: true } : {};
    const schema = { ...shapeSchema(type), ...type.keywords, ...annotations };
    return type.nullable ? orNull(schema) : schema;
  }

  function shapeSchema(type: Type): JsonSchemaObject {
    switch (type.kind) {
      case "scalar":
        return scalarSchema(type.name, type.keywords);
      case "enum":
        return { type: "string", enum: type.values };
      case "array":
        return { type: "array", items: typeSchema(type.items) };
      case "object":
        return objectSchema(type.fields);
      case "reference":
        return { ...referenceSchema(type.name), ...besideReference(type) };
      case "inferred":
        return {};
    }
  }

  /** Keywords beside a reference hold together with its own; validators want to see the type that they are about. */
  function besideReference(type: Type): JsonSchemaObject {
    const resolved = Object.keys(type.keywords).length === 0 ? undefined : resolveType(project, type);
    const named = resolved === undefined ? undefined : shapeSchema(resolved)["type"];
    return named === undefined ? {} : { type: resolved?.nullable ? [named, "null"] : named };
  }

  function referenceSchema(name: string): JsonSchemaObject {
    if (findType(project, name) === undefined) return {};
    references.add(name);
    return { $ref: `#/$defs/${name}` };
  }
}

/** A UUID and nothing around it: the `uuid` format alone would let `urn:uuid:…` through, which Postgres refuses. */
const uuidLength = 36;
/** Longer than any amount of money; Postgres itself would take 131,072 digits. */
const longestDecimal = 100;

function scalarSchema(name: ScalarName, keywords: Type["keywords"]): JsonSchemaObject {
  switch (name) {
    case "integer":
      return { type: "integer", ...safeBounds(keywords) };
    case "uuid":
      return { type: "string", format: "uuid", maxLength: uuidLength };
    case "timestamp":
      return { type: "string", format: "date-time" };
    case "date":
    case "email":
    case "uri":
      return { type: "string", format: name };
    case "decimal":
      return { type: "string", pattern: "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$", maxLength: longestDecimal };
    case "bigint":
      return { type: "string", pattern: "^(0|-?[1-9][0-9]{0,18})$" };
    case "json":
      return {};
    default:
      return { type: name };
  }
}

/** Beyond these a JavaScript number is not the one that was sent. */
function safeBounds(keywords: Type["keywords"]): JsonSchemaObject {
  return {
    ...("minimum" in keywords || "exclusiveMinimum" in keywords ? {} : { minimum: Number.MIN_SAFE_INTEGER }),
    ...("maximum" in keywords || "exclusiveMaximum" in keywords ? {} : { maximum: Number.MAX_SAFE_INTEGER }),
  };
}

function orNull(schema: JsonSchemaObject): JsonSchemaObject {
  const { type, enum: values } = schema;
  if (typeof type !== "string" || "const" in schema || "$ref" in schema) {
    const { description, default: fallback, ...rest } = schema;
    if (Object.keys(rest).length === 0) return schema;
    return {
      ...(description === undefined ? {} : { description }),
      ...(fallback === undefined ? {} : { default: fallback }),
      anyOf: [rest, { type: "null" }],
    };
  }
  return { ...schema, type: [type, "null"], ...(Array.isArray(values) ? { enum: [...values, null] } : {}) };
}

function withDefault(schema: JsonSchemaObject, value: JsonValue | undefined): JsonSchemaObject {
  return value === undefined || "default" in schema ? schema : { ...schema, default: value };
}
