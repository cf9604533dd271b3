import type { CodeKeywordDefinition } from "ajv";
import type { JsonSchemaObject } from "../../spec/json-schema.js";
import { identifier } from "../encode.js";
import { withSubSchemas } from "./sub-schemas.js";

const keyword = "sharedType";

/** The function that checks a value of a shared type. */
export function typeFunction(type: string): string {
  return `check${identifier(type)}`;
}

/** A schema that says of shared types only which of its types they are. */
export interface OpenTypes {
  readonly schema: JsonSchemaObject;
  readonly types: readonly string[];
}

/**
 * References to shared types as calls of their functions, so that each type is compiled once and not into every command.
 * The functions have no names yet: what differs only in these is compiled once, too.
 */
export function withOpenTypes(schema: JsonSchemaObject): OpenTypes {
  const types = new Map<string, number>();
  const opened = (node: JsonSchemaObject): JsonSchemaObject => {
    const { $ref, ...others } = withSubSchemas(node, opened);
    if (typeof $ref !== "string") return others;
    const type = $ref.slice("#/$defs/".length);
    const index = types.get(type) ?? types.size;
    types.set(type, index);
    return { [keyword]: index, ...others };
  };
  return { schema: opened(schema), types: [...types.keys()] };
}

/** What ajv does at such a place: the same as for a reference within one schema, to a function `type0`. */
export async function sharedTypeKeyword(): Promise<CodeKeywordDefinition> {
  const [{ _, Name, nil }, { callValidateCode }] = await Promise.all([import("ajv"), import("ajv/dist/vocabularies/code.js")]);
  const [vErrors, errors] = [new Name("vErrors"), new Name("errors")];
  return {
    keyword,
    schemaType: "number",
    code(place) {
      const check = new Name(`type${place.schema}`);
      const addErrors = () => {
        const found = _`${check}.errors`;
        place.gen.assign(vErrors, _`${vErrors} === null ? ${found} : ${vErrors}.concat(${found})`);
        place.gen.assign(errors, _`${vErrors}.length`);
      };
      place.result(callValidateCode(place, check, nil), () => {}, addErrors);
    },
  };
}
