import type { ErrorObject } from "ajv";
import type { JsonSchema } from "../language/json-schema-data.js";
import type { JsonValue, SpecPath } from "../model.js";
import { camelCase, pascalCase } from "../names.js";
import { nearest } from "../suggest.js";
import { resolved } from "./choose-branch.js";
import { describeValue } from "./describe-value.js";
import type { StructureFault } from "./structure-fault.js";

/** One error of the validator as a fault: what was expected, what was found, where. */
export function faultOf(error: ErrorObject, root: JsonSchema, path: SpecPath, document: JsonValue): StructureFault {
  const schema = resolved((error.parentSchema ?? {}) as JsonSchema, root);
  const params = error.params as Readonly<Record<string, unknown>>;
  const data = error.data as JsonValue;
  const title = typeof schema["title"] === "string" ? schema["title"] : undefined;
  const fault = (message: string, more: Partial<StructureFault> = {}): StructureFault => ({
    rule: "spec/schema",
    message,
    path,
    on: "value",
    ...more,
  });

  switch (error.keyword) {
    case "additionalProperties":
      return unknownKey(String(params["additionalProperty"]), schema, root, path, title);
    case "required": {
      const key = String(params["missingProperty"]);
      return fault(`${title === undefined ? "Here" : sentenceStart(title)} needs the key "${key}".`, { on: "key", missing: [key] });
    }
    case "anyOf": {
      const keys = (error.schema as readonly JsonSchema[]).flatMap((branch) => branch["required"] as readonly string[]);
      return fault(`${sentenceStart(title ?? "a mapping")} needs one of the keys ${listed(keys)}.`, { on: "key", missing: keys });
    }
    case "propertyNames": {
      const name = String(params["propertyName"]);
      const expected = resolved(error.schema as JsonSchema, root);
      return badName(name, expected, [...path, name], "key");
    }
    case "false schema": {
      const key = String(path.at(-1));
      return fault(`${excluded(key, parentOf(path, document))}.`, { on: "key" });
    }
    case "enum": {
      const values = (error.schema as readonly JsonValue[]).map(String);
      const suggestions = typeof data === "string" ? nearest(data, values) : [];
      return fault(`Expected ${listed(values)}; found ${describeValue(data)}.`, suggestions.length > 0 ? { suggestions } : {});
    }
    case "pattern":
      return badName(String(data), schema, path, "value");
    case "minLength":
    case "minItems":
    case "minProperties":
      return fault(`${sentenceStart(title ?? "this")} must not be empty.`);
    case "maxProperties":
      return fault(`Expected ${title ?? "one key"}; found ${describeValue(data)}.`);
    case "maxLength":
      return fault(`Longer than ${params["limit"]} characters.`);
    case "uniqueItems":
      return fault(`The same item twice (${Number(params["i"]) + 1}. and ${Number(params["j"]) + 1}.).`);
    case "type":
      return fault(`Expected ${expectedOfType(String(params["type"]), title)}; found ${describeValue(data)}.`);
    default:
      return fault(`Expected ${title ?? `a value that ${error.message ?? "fits"}`}; found ${describeValue(data)}.`);
  }
}

function expectedOfType(type: string, title: string | undefined): string {
  if (title === undefined) return `a value of type ${type}`;
  return type === "object" && !/^an? /.test(title) ? `${title} as a mapping` : title;
}

function unknownKey(key: string, schema: JsonSchema, root: JsonSchema, path: SpecPath, title: string | undefined): StructureFault {
  const known = Object.keys((schema["properties"] as object | undefined) ?? {});
  const suggestions = nearest(key, known);
  const elsewhere = suggestions.length > 0 ? undefined : ownerOf(key, root);
  const help =
    elsewhere !== undefined
      ? `"${key}" is a key of ${elsewhere}.`
      : suggestions.length === 0
        ? `Known keys: ${known.join(", ")}.`
        : undefined;
  return {
    rule: "spec/schema",
    message: `${sentenceStart(title ?? "a mapping")} has no key "${key}".`,
    path: [...path, key],
    on: "key",
    unknown: true,
    ...(suggestions.length > 0 ? { suggestions } : {}),
    ...(help === undefined ? {} : { help }),
  };
}

/** What has a key of this name, if one thing alone has. */
function ownerOf(key: string, root: JsonSchema): string | undefined {
  const definitions = Object.values((root["$defs"] as Readonly<Record<string, JsonSchema>> | undefined) ?? {});
  const owners = [root, ...definitions].filter(
    ({ properties, title }) => title !== undefined && Object.hasOwn((properties as object | undefined) ?? {}, key),
  );
  const titles = new Set(owners.map(({ title }) => String(title)));
  return titles.size === 1 ? [...titles][0] : undefined;
}

function badName(name: string, schema: JsonSchema, path: SpecPath, on: "key" | "value"): StructureFault {
  const better = betterName(name, schema);
  return {
    rule: on === "key" || better !== undefined ? "spec/name" : "spec/schema",
    message: `${describeValue(name)} is not ${schema["title"] ?? "a name"}.`,
    path,
    on,
    ...(better === undefined ? {} : { suggestions: [better] }),
  };
}

/** The same words in the case that the schema asks for, if it asks for one and that then fits. */
export function betterName(name: string, { title, pattern }: JsonSchema): string | undefined {
  if (typeof title !== "string" || typeof pattern !== "string") return undefined;
  const better = title.includes("PascalCase") ? pascalCase(name) : title.includes("camelCase") ? camelCase(name) : name;
  return better !== name && new RegExp(pattern).test(better) ? better : undefined;
}

function excluded(key: string, beside: JsonValue | undefined): string {
  const keys = typeof beside === "object" && beside !== null && !Array.isArray(beside) ? (beside as Record<string, JsonValue>) : {};
  if (keys["type"] === "final") return `A final state has no "${key}"`;
  if (typeof keys["type"] === "string") return `"${key}" says nothing about ${keys["type"]}`;
  const others = ["items", "fields", "delay"].filter((other) => other !== key && other in keys);
  return `"${key}" does not go together with ${others[0] === undefined ? "the other keys here" : `"${others[0]}"`}`;
}

function parentOf(path: SpecPath, document: JsonValue): JsonValue | undefined {
  let at: JsonValue | undefined = document;
  for (const step of path.slice(0, -1)) at = (at as Readonly<Record<string | number, JsonValue>> | undefined)?.[step];
  return at;
}

function listed(values: readonly string[]): string {
  return values.length <= 1 ? values.join("") : `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}

function sentenceStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
