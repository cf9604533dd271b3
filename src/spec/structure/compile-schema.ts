import type { JsonSchema } from "../language/json-schema-data.js";
import type { JsonValue } from "../model.js";

/** Whether a value is what a schema says. */
export type Check = (value: JsonValue | undefined) => boolean;

type Mapping = Readonly<Record<string, JsonValue>>;
type Compile = (schema: JsonValue | undefined) => Check;
/** A check of what some keywords of a schema say; undefined where it has none of them. */
type Part = (schema: JsonSchema, compile: Compile) => Check | undefined;

/**
 * A JSON Schema as a function that says yes or no, not why. Validators that say why have to keep track of where they
 * are, and nearly every value is right: this takes a tenth of their time, and nothing of what they take to be made.
 *
 * @throws Error at a keyword that the language has not used so far
 */
export function compileSchema(root: JsonSchema): Check {
  const definitions = (root["$defs"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const references = new Map<string, Check>();

  const refer = (reference: string): Check => {
    let check = references.get(reference);
    if (check !== undefined) return check;
    // Compiled when it is first asked: definitions refer to themselves.
    let compiled: Check | undefined;
    check = (value) => {
      compiled ??= compile(definitions[reference.slice("#/$defs/".length)]);
      return compiled(value);
    };
    references.set(reference, check);
    return check;
  };

  const compile: Compile = (schema) => {
    if (!isMapping(schema)) return () => schema === true;
    for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`No check is made of the keyword "${keyword}".`);
    const checks = parts.flatMap((part) => part(schema, compile) ?? []);
    if (typeof schema["$ref"] === "string") checks.push(refer(schema["$ref"]));
    return checks.length === 0 ? always : all(checks);
  };

  return compile(root);
}

const types: Readonly<Record<string, Check>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  array: (value) => Array.isArray(value),
  object: (value) => isMapping(value),
};

const type: Part = ({ type: names }) => {
  if (names === undefined) return undefined;
  return any([names].flat().map((name) => types[String(name)] ?? never));
};

const oneOf: Part = ({ enum: listed }) => {
  if (listed === undefined) return undefined;
  const values = new Set(listed as readonly JsonValue[]);
  return (value) => value !== undefined && values.has(value);
};

const text: Part = ({ minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern }) => {
  const least = Number(minLength);
  const most = Number(maxLength);
  const form = pattern === undefined ? undefined : new RegExp(String(pattern), "u");
  if (form === undefined && least === 0 && most === Number.POSITIVE_INFINITY) return undefined;
  return (value) =>
    typeof value !== "string" ||
    (value.length >= least &&
      (least < 2 || lengthOf(value) >= least) &&
      (value.length <= most || lengthOf(value) <= most) &&
      (form === undefined || form.test(value)));
};

const number: Part = ({
  minimum = Number.NEGATIVE_INFINITY,
  maximum = Number.POSITIVE_INFINITY,
  exclusiveMinimum = Number.NEGATIVE_INFINITY,
}) => {
  const least = Number(minimum);
  const most = Number(maximum);
  const below = Number(exclusiveMinimum);
  if (least === Number.NEGATIVE_INFINITY && most === Number.POSITIVE_INFINITY && below === Number.NEGATIVE_INFINITY) return undefined;
  return (value) => typeof value !== "number" || (value >= least && value <= most && value > below);
};

const list: Part = ({ items, minItems = 0, uniqueItems }, compile) => {
  const least = Number(minItems);
  if (items === undefined && least === 0 && uniqueItems === undefined) return undefined;
  const check = items === undefined ? undefined : compile(items);
  return (value) =>
    !Array.isArray(value) ||
    (value.length >= least &&
      (check === undefined || value.every(check)) &&
      // What is unique are texts and numbers.
      (uniqueItems !== true || value.length < 2 || new Set(value).size === value.length));
};

const mappingSize: Part = ({ minProperties = 0, maxProperties = Number.POSITIVE_INFINITY }) => {
  const least = Number(minProperties);
  const most = Number(maxProperties);
  if (least === 0 && most === Number.POSITIVE_INFINITY) return undefined;
  return (value) => {
    if (!isMapping(value)) return true;
    const size = Object.keys(value).length;
    return size >= least && size <= most;
  };
};

const requiredKeys: Part = ({ required }) => {
  if (required === undefined) return undefined;
  return all(
    (required as readonly string[]).map(
      (key): Check =>
        (value) =>
          !isMapping(value) || value[key] !== undefined,
    ),
  );
};

const mapping: Part = ({ properties, additionalProperties, propertyNames }, compile) => {
  const own = new Map(Object.entries((properties ?? {}) as Mapping).map(([key, schema]) => [key, compile(schema)]));
  if (additionalProperties === undefined && propertyNames === undefined) {
    if (own.size === 0) return undefined;
    const checks = [...own];
    return (value) => !isMapping(value) || checks.every(([key, check]) => value[key] === undefined || check(value[key]));
  }
  const name = propertyNames === undefined ? undefined : compile(propertyNames);
  const others = additionalProperties === undefined ? always : compile(additionalProperties);
  return (value) => {
    if (!isMapping(value)) return true;
    for (const key of Object.keys(value)) {
      if (name !== undefined && !name(key)) return false;
      if (!(own.get(key) ?? others)(value[key])) return false;
    }
    return true;
  };
};

const alternatives: Part = ({ anyOf }, compile) => (anyOf === undefined ? undefined : any((anyOf as readonly JsonValue[]).map(compile)));

const joined: Part = ({ allOf }, compile) => (allOf === undefined ? undefined : all((allOf as readonly JsonValue[]).map(compile)));

const condition: Part = ({ if: when, then }, compile) => {
  if (when === undefined) return undefined;
  const applies = compile(when);
  const check = compile(then);
  return (value) => !applies(value) || check(value);
};

/** The cheap ones, which tell alternatives apart, before those that go into the value. */
const parts: readonly Part[] = [type, oneOf, text, number, requiredKeys, mappingSize, list, mapping, alternatives, joined, condition];

const known: ReadonlySet<string> = new Set([
  ...["type", "enum", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "items", "minItems", "uniqueItems"],
  ...["minProperties", "maxProperties", "required", "properties", "additionalProperties", "propertyNames"],
  ...["anyOf", "allOf", "if", "then", "$ref", "$defs"],
  // For people.
  ...["$schema", "title", "description", "default", "enumDescriptions"],
]);

const always: Check = () => true;
const never: Check = () => false;

/** Pairs within pairs: that is faster than a loop for the few that there are. */
const all = (checks: readonly Check[]): Check => checks.reduceRight((rest, check) => (value) => check(value) && rest(value));
const any = (checks: readonly Check[]): Check => checks.reduceRight((rest, check) => (value) => check(value) || rest(value));

function isMapping(value: JsonValue | undefined): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** In characters, which JSON Schema counts. */
function lengthOf(value: string): number {
  let length = 0;
  for (const _character of value) length += 1;
  return length;
}
