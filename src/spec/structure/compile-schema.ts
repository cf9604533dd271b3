import type { JsonSchema } from "../language/json-schema-data.js";
import type { JsonValue } from "../model.js";

/** Whether a value is what a schema says. */
export type Check = (value: JsonValue | undefined) => boolean;

type Mapping = Readonly<Record<string, JsonValue>>;
type Test<Value> = (value: Value) => boolean;

/** What a schema says of values of each type: a keyword is about one type, and alternatives mostly differ in theirs. */
interface Tests {
  readonly string: Test<string>;
  readonly number: Test<number>;
  readonly boolean: Test<boolean>;
  readonly null: Test<null>;
  readonly array: Test<readonly JsonValue[]>;
  readonly object: Test<Mapping>;
}

interface Compiler {
  /** For the same value. */
  tests(schema: JsonValue | undefined): Tests;
  /** For a value inside of it. */
  check(schema: JsonValue | undefined): Check;
}

/** The tests of what some keywords of a schema say; undefined where it has none of them. */
type Part = (schema: JsonSchema, compiler: Compiler) => Partial<Tests> | undefined;

/**
 * A JSON Schema as a function that says yes or no, not why. Validators that say why have to keep track of where they
 * are, and nearly every value is right: this takes a tenth of their time, and nothing of what they take to be made.
 * The function throws an Error at a keyword that the language has not used so far.
 */
export function compileSchema(root: JsonSchema): Check {
  const definitions = (root["$defs"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const references = new Map<string, Tests>();

  const refer = (reference: string): Tests => {
    const referred = references.get(reference) ?? tests(definitions[reference.slice("#/$defs/".length)]);
    references.set(reference, referred);
    return referred;
  };

  const tests = (schema: JsonValue | undefined): Tests => {
    if (!isMapping(schema)) return schema === true ? anything : nothing;
    for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`No check is made of the keyword "${keyword}".`);
    const made: Tests[] = typeof schema["$ref"] === "string" ? [refer(schema["$ref"])] : [];
    for (const part of parts) {
      const own = part(schema, compiler);
      if (own !== undefined) made.push({ ...anything, ...own });
    }
    return join(made, all);
  };

  const check = (schema: JsonValue | undefined): Check => {
    // Made when it is first asked: definitions refer to themselves, and a spec uses few of them.
    let compiled: Tests | undefined;
    return (value) => {
      compiled ??= tests(schema);
      return passes(compiled, value);
    };
  };

  const compiler: Compiler = { tests, check };
  return check(root);
}

function passes(tests: Tests, value: JsonValue | undefined): boolean {
  switch (typeof value) {
    case "string":
      return tests.string(value);
    case "number":
      return tests.number(value);
    case "boolean":
      return tests.boolean(value);
    case "object":
      return value === null ? tests.null(value) : isMapping(value) ? tests.object(value) : tests.array(value);
    default:
      return false;
  }
}

const always = () => true;
const never = () => false;

const anything: Tests = { string: always, number: always, boolean: always, null: always, array: always, object: always };
const nothing: Tests = { string: never, number: never, boolean: never, null: never, array: never, object: never };

/** What several schemas say of the same value, type by type. */
function join(several: readonly Tests[], by: <Value>(tests: readonly Test<Value>[]) => Test<Value>): Tests {
  return {
    string: by(several.map(({ string }) => string)),
    number: by(several.map(({ number }) => number)),
    boolean: by(several.map(({ boolean }) => boolean)),
    null: by(several.map((tests) => tests.null)),
    array: by(several.map(({ array }) => array)),
    object: by(several.map(({ object }) => object)),
  };
}

/** Pairs within pairs: that is faster than a loop for the few that there are. */
function all<Value>(tests: readonly Test<Value>[]): Test<Value> {
  if (tests.includes(never)) return never;
  const asked = tests.filter((test) => test !== always);
  return asked.length === 0 ? always : asked.reduceRight((rest, test) => (value) => test(value) && rest(value));
}

function any<Value>(tests: readonly Test<Value>[]): Test<Value> {
  if (tests.includes(always)) return always;
  const asked = tests.filter((test) => test !== never);
  return asked.length === 0 ? never : asked.reduceRight((rest, test) => (value) => test(value) || rest(value));
}

function implies<Value>([applies = never, holds = always]: readonly Test<Value>[]): Test<Value> {
  return applies === never || holds === always ? always : (value) => !applies(value) || holds(value);
}

const type: Part = ({ type: names }) => {
  if (names === undefined) return undefined;
  const allowed = [names].flat().map((name) => (name === "integer" ? { number: Number.isInteger } : { [String(name)]: always }));
  return Object.assign({ ...nothing }, ...allowed) as Tests;
};

const oneOf: Part = ({ enum: listed }) => {
  if (listed === undefined) return undefined;
  const values: ReadonlySet<unknown> = new Set(listed as readonly JsonValue[]);
  const isListed = (value: unknown) => values.has(value);
  return { string: isListed, number: isListed, boolean: isListed, null: isListed, array: never, object: never };
};

const text: Part = ({ minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern }) => {
  const least = Number(minLength);
  const most = Number(maxLength);
  const form = pattern === undefined ? undefined : new RegExp(String(pattern), "u");
  if (form === undefined && least === 0 && most === Number.POSITIVE_INFINITY) return undefined;
  return {
    string: (value) =>
      value.length >= least &&
      (least < 2 || lengthOf(value) >= least) &&
      (value.length <= most || lengthOf(value) <= most) &&
      (form === undefined || form.test(value)),
  };
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
  return { number: (value) => value >= least && value <= most && value > below };
};

const list: Part = ({ items, minItems = 0, uniqueItems }, { check }) => {
  const least = Number(minItems);
  if (items === undefined && least === 0 && uniqueItems === undefined) return undefined;
  const isItem = items === undefined ? always : check(items);
  return {
    array: (value) =>
      value.length >= least &&
      value.every((item) => isItem(item)) &&
      // What is unique are texts and numbers.
      (uniqueItems !== true || value.length < 2 || new Set(value).size === value.length),
  };
};

const mappingSize: Part = ({ minProperties = 0, maxProperties = Number.POSITIVE_INFINITY }) => {
  const least = Number(minProperties);
  const most = Number(maxProperties);
  if (least === 0 && most === Number.POSITIVE_INFINITY) return undefined;
  return {
    object: (value) => {
      const size = Object.keys(value).length;
      return size >= least && size <= most;
    },
  };
};

const requiredKeys: Part = ({ required }) => {
  if (required === undefined) return undefined;
  return { object: all((required as readonly string[]).map((key) => (value: Mapping) => value[key] !== undefined)) };
};

const mapping: Part = ({ properties, additionalProperties, propertyNames }, { check }) => {
  const own = new Map(Object.entries((properties ?? {}) as Mapping).map(([key, schema]) => [key, check(schema)]));
  if (additionalProperties === undefined && propertyNames === undefined) {
    if (own.size === 0) return undefined;
    return {
      object: all(
        [...own].map(
          ([key, isRight]) =>
            (value: Mapping) =>
              value[key] === undefined || isRight(value[key]),
        ),
      ),
    };
  }
  const isName = propertyNames === undefined ? always : check(propertyNames);
  const others = additionalProperties === undefined ? always : check(additionalProperties);
  return {
    object: (value) => {
      for (const key in value) if (!isName(key) || !(own.get(key) ?? others)(value[key])) return false;
      return true;
    },
  };
};

const alternatives: Part = ({ anyOf }, { tests }) =>
  anyOf === undefined ? undefined : join((anyOf as readonly JsonValue[]).map(tests), any);

const joined: Part = ({ allOf }, { tests }) => (allOf === undefined ? undefined : join((allOf as readonly JsonValue[]).map(tests), all));

const condition: Part = ({ if: when, then }, { tests }) => (when === undefined ? undefined : join([tests(when), tests(then)], implies));

/** The cheap ones, which tell alternatives apart, before those that go into the value. */
const parts: readonly Part[] = [type, oneOf, text, number, requiredKeys, mappingSize, list, mapping, alternatives, joined, condition];

const known: ReadonlySet<string> = new Set([
  ...["type", "enum", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "items", "minItems", "uniqueItems"],
  ...["minProperties", "maxProperties", "required", "properties", "additionalProperties", "propertyNames"],
  ...["anyOf", "allOf", "if", "then", "$ref", "$defs"],
  // For people.
  ...["$schema", "title", "description", "default", "enumDescriptions"],
]);

function isMapping(value: JsonValue | undefined): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** In characters, which JSON Schema counts. */
function lengthOf(value: string): number {
  let length = 0;
  for (const _character of value) length += 1;
  return length;
}
