import type { Ajv, CodeKeywordDefinition, _ as CodeTemplate, ValidateFunction } from "ajv";
import { formats } from "../../runtime/validation/formats.js";
import type { JsonSchemaObject } from "../../spec/json-schema.js";
import type { Code } from "../code/code.js";
import { printCode } from "../code/print-code.js";
import { literal, propertyKey } from "../encode.js";
import { lowerCaseKeyword, withLowerCaseUuids } from "./lower-case-uuids.js";
import { sharedTypeKeyword } from "./shared-types.js";

/** What ajv writes for a schema: a function, and what it reads from around itself. */
export interface CompiledSchema {
  /** One statement, or the head or the end of a block, each. */
  readonly lines: readonly string[];
  readonly constants: readonly Constant[];
  /** From `usecasecore/validation`. */
  readonly imports: readonly string[];
}

/** Something that the function reads, under the name that it was asked to have. */
export interface Constant {
  /** What kind of thing it is: `pattern`, `formats`, `enum`. */
  readonly kind: string;
  readonly code: string;
}

export interface Names {
  readonly function: string;
  constant(index: number): string;
  type(index: number): string;
}

export type CompileSchema = (schema: JsonSchemaObject, names: Names) => CompiledSchema;

/** A compiler of schemas; ajv is loaded for the first, and prepared once for many. */
export async function schemaCompiler(): Promise<CompileSchema> {
  const [{ Ajv, _ }, sharedType] = await Promise.all([import("ajv"), sharedTypeKeyword()]);
  let prepared: { readonly ajv: Ajv; uses: number } | undefined;
  return (schema, names) => {
    // An instance keeps whatever it has compiled.
    if (prepared === undefined || prepared.uses === mostUses) prepared = { ajv: prepare(Ajv, _, sharedType), uses: 0 };
    prepared.uses++;
    const { $schema: _dialect, ...rest } = schema;
    return withNames(prepared.ajv.compile(withLowerCaseUuids(rest)), names);
  };
}

const mostUses = 200;

/** The schemas are our own, so only their keywords are checked. */
function prepare(Class: typeof Ajv, code: typeof CodeTemplate, sharedType: CodeKeywordDefinition): Ajv {
  const ajv = new Class({
    allErrors: true,
    useDefaults: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    validateSchema: false,
    addUsedSchema: false,
    meta: false,
    formats: { ...formats },
    code: { source: true, esm: true, lines: true, formats: code`require("usecasecore/validation").formats` },
  });
  ajv.addKeyword(lowerCaseKeyword(code));
  ajv.addKeyword(sharedType);
  return ajv;
}

/** Strings, which stay as they are; and names that ajv has numbered, a schema with what it reads of it. */
const named = /"(?:[^"\\]|\\.)*"|(?<![.\w$])(?:schema\d+(?:\.[A-Za-z_$][\w$]*|\[\d+\])+|(?:formats|func|pattern|type|validate)\d+\b)/g;

function withNames({ source }: ValidateFunction, names: Names): CompiledSchema {
  if (source === undefined) throw new Error("ajv has kept no source.");
  const values = new Map(Object.values(source.scopeValues).flatMap((set) => [...(set ?? [])].map((name) => [name.str, name] as const)));
  const [constants, imports] = [new Map<string, Constant>(), new Set<string>()];
  const given = new Map([[source.validateName.str, names.function]]);

  const nameOf = (read: string): string => {
    const [name = "", ...path] = read.split(/\.|\[|\]\.?/).filter((part) => part !== "");
    if (name.startsWith("type")) return names.type(Number(name.slice("type".length)));
    const value = values.get(name)?.value;
    if (path.at(-1) === "properties") return dataConstant("properties", namesIn(valueAt(value?.ref, path)));
    if (path.length > 0) return dataConstant(path.at(-1) ?? "", valueAt(value?.ref, path));
    const code = String(value?.code);
    const required = /^require\((".*")\)\.(\w+)(.*)$/.exec(code);
    if (required === null) return constant(name.replace(/\d+$/, ""), code);
    const [, module = "", member = "", rest = ""] = required;
    const imported = member === "default" ? (runtimeModules[module] ?? member) : member;
    imports.add(imported);
    return rest === "" ? imported : constant(name.replace(/\d+$/, ""), `${imported}${rest}`);
  };
  const dataConstant = (kind: string, value: unknown) =>
    constant(kind, printCode(valueCode(value), { used: `const ${kind}0 = `.length, after: 1 }));
  const constant = (kind: string, code: string): string => {
    const name = names.constant(constants.size);
    constants.set(name, { kind, code });
    return name;
  };
  const code = String(source.validateCode).replace(named, (text) => {
    if (text.startsWith('"')) return text;
    const name = given.get(text) ?? nameOf(text);
    given.set(text, name);
    return name;
  });
  return { lines: code.split("\n").filter((line) => line !== ""), constants: [...constants.values()], imports: [...imports] };
}

/** What ajv's own run-time modules are called in `usecasecore/validation`. */
const runtimeModules: Readonly<Record<string, string>> = {
  '"ajv/dist/runtime/equal"': "equal",
  '"ajv/dist/runtime/ucs2length"': "ucs2length",
};

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (value as Readonly<Record<string, unknown>>)[key], root);
}

/** Of the fields of a large object only the names are looked up. */
function namesIn(properties: unknown): Readonly<Record<string, true>> {
  return Object.fromEntries(Object.keys(properties as object).map((name) => [name, true]));
}

function valueCode(value: unknown): Code {
  if (Array.isArray(value)) return { kind: "array", items: value.map(valueCode) };
  if (typeof value !== "object" || value === null) return literal(value);
  return {
    kind: "object",
    expanded: false,
    entries: Object.entries(value).map(([key, each]) => ({ key: propertyKey(key), value: valueCode(each) })),
  };
}
