import type { CodeKeywordDefinition } from "ajv";
import type { JsonSchemaObject } from "../../spec/json-schema.js";
import { identifier } from "../encode.js";

/** Keywords whose values are data, not schemas. */
const data: ReadonlySet<string> = new Set(["default", "const", "enum", "examples"]);

const keyword = "sharedType";

/** The function that checks a value of a shared type. */
export function typeFunction(type: string): string {
  return `check${identifier(type)}`;
}

/** References to shared types as calls of their functions, so that each type is compiled once and not into every command. */
export function withTypeFunctions(schema: JsonSchemaObject): JsonSchemaObject {
  return called(schema) as JsonSchemaObject;
}

function called(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(called);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) =>
      key === "$ref" && typeof value === "string"
        ? [keyword, value.slice("#/$defs/".length)]
        : [key, data.has(key) ? value : called(value)],
    ),
  );
}

/** What ajv does at such a place: the same as for a reference within one schema. */
export async function sharedTypeKeyword(): Promise<CodeKeywordDefinition> {
  const [{ _, Name, nil }, { callValidateCode }] = await Promise.all([import("ajv"), import("ajv/dist/vocabularies/code.js")]);
  const [vErrors, errors] = [new Name("vErrors"), new Name("errors")];
  return {
    keyword,
    schemaType: "string",
    code(place) {
      const check = new Name(typeFunction(String(place.schema)));
      const addErrors = () => {
        const found = _`${check}.errors`;
        place.gen.assign(vErrors, _`${vErrors} === null ? ${found} : ${vErrors}.concat(${found})`);
        place.gen.assign(errors, _`${vErrors}.length`);
      };
      place.result(callValidateCode(place, check, nil), () => {}, addErrors);
    },
  };
}
