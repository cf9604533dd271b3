import { isStorable } from "../codec/storable-text.js";
import type { StandardSchemaV1 } from "../standard-schema.js";

/** A validator as `ajv` compiles it to standalone code. */
export interface CompiledValidator {
  (data: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

interface ValidatorError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** Joins a compiled validator to the Standard Schema interface. The input is left as it is: defaults go into a copy. */
export function commandSchema<Input, Output>(validate: CompiledValidator): StandardSchemaV1<Input, Output> {
  return {
    "~standard": {
      version: 1,
      vendor: "usecasecore",
      validate(input) {
        const copy = copyOf(input);
        if (copy === undefined) return { issues: [{ message: "must be plain data", path: [] }] };
        const { value } = copy;
        // The validator's errors are a property of the function: they are read before anybody else calls it.
        if (!validate(value)) return { issues: (validate.errors ?? []).map(issueOf) };
        if (!isAllStorable(value)) return { issues: findUnstorable(value, []) };
        // The validator has said so.
        return { value: value as Output };
      },
    },
  };
}

function copyOf(input: unknown): { readonly value: unknown } | undefined {
  try {
    const copy = plainCopy(input, 0);
    return { value: copy === notPlain ? structuredClone(input) : copy };
  } catch {
    return undefined;
  }
}

const notPlain = Symbol("not plain");

/** What a structured clone would be, several times faster, for what JSON is made of; `notPlain` for everything else. */
function plainCopy(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return typeof value === "function" || typeof value === "symbol" ? notPlain : value;
  // Deeper than this it may be a circle.
  if (depth > 100) return notPlain;
  if (Array.isArray(value)) {
    const copy = value.map((element) => plainCopy(element, depth + 1));
    return copy.includes(notPlain) ? notPlain : copy;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return notPlain;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = plainCopy((value as Readonly<Record<string, unknown>>)[key], depth + 1);
    if (member === notPlain || key === "__proto__") return notPlain;
    copy[key] = member;
  }
  return copy;
}

function issueOf({ instancePath, keyword, message, params }: ValidatorError): Issue {
  const path = instancePath.split("/").slice(1).map(unescapePointer);
  switch (keyword) {
    case "required":
      return { message: "is required", path: [...path, String(params["missingProperty"])] };
    case "additionalProperties":
      return { message: "is not known", path: [...path, String(params["additionalProperty"])] };
    case "unevaluatedProperties":
      return { message: "is not known", path: [...path, String(params["unevaluatedProperty"])] };
    case "enum":
      return { message: `must be one of ${JSON.stringify(params["allowedValues"])}`, path };
    default:
      return { message: message ?? `breaks ${keyword}`, path };
  }
}

function unescapePointer(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Texts that Postgres cannot hold are the caller's fault, and better said here than by a failing statement. */
function isAllStorable(value: unknown): boolean {
  if (typeof value === "string") return isStorable(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isAllStorable);
}

function findUnstorable(value: unknown, path: readonly PropertyKey[]): readonly Issue[] {
  if (typeof value === "string") return isStorable(value) ? [] : [{ message: "must not contain NUL or half a surrogate pair", path }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => findUnstorable(member, [...path, Array.isArray(value) ? Number(key) : key]));
}
