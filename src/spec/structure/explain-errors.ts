import type { ErrorObject } from "ajv";
import type { JsonSchema } from "../language/json-schema-data.js";
import type { JsonValue, SpecPath } from "../model.js";
import { nearest } from "../suggest.js";
import { chooseBranch, resolved, sameInstanceSchemas } from "./choose-branch.js";
import { describeValue } from "./describe-value.js";
import { betterName, faultOf } from "./fault-of.js";
import type { StructureFault } from "./structure-fault.js";

/** Enough to work through; a file with more mistakes is told of the first ones. */
export const mostFaults = 50;

/**
 * The validator's errors as one fault for each mistake. Where a value may have several forms, the validator complains
 * about every one of them: only what is wrong with the form that was meant is kept.
 */
export function explainErrors(all: readonly ErrorObject[], root: JsonSchema, value: JsonValue): StructureFault[] {
  const errors = firstOf(all);
  const faults: StructureFault[] = [];
  const inNames = new Map(
    errors
      .filter(({ keyword }) => keyword === "propertyNames")
      .map((error) => [error.instancePath, resolved(error.schema as JsonSchema, root)]),
  );
  let left = errors.filter(
    ({ keyword, instancePath, parentSchema }) =>
      keyword !== "if" && !(inNames.has(instancePath) && inNames.get(instancePath) === parentSchema),
  );

  for (const error of outermostFirst(left)) {
    if (!left.includes(error)) continue;
    const at = error.instancePath;
    const branches = error.schema as readonly JsonSchema[];
    if (branches.every(isRequiredOnly)) {
      left = left.filter((other) => !(other.instancePath === at && branches.includes(other.parentSchema as JsonSchema)));
      continue;
    }
    left = left.filter((other) => other !== error);
    const chosen = chooseBranch(branches, root, error.data as JsonValue);
    if (chosen === undefined) {
      left = left.filter((other) => !isAtOrBelow(other.instancePath, at));
      faults.push(wrongForm(error, branches, root, pathOf(at, value)));
      continue;
    }
    const others = new Set(branches.flatMap((branch, index) => (index === chosen ? [] : sameInstanceSchemas(branch, root))));
    for (const schema of sameInstanceSchemas(branches[chosen] ?? {}, root)) others.delete(schema);
    left = left.filter((other) => !(other.instancePath === at && others.has(other.parentSchema as JsonSchema)));
  }

  for (const error of left.slice(0, mostFaults * 4)) faults.push(faultOf(error, root, pathOf(error.instancePath, value), value));
  return distinct(withoutRenamed(faults)).slice(0, mostFaults);
}

/** Enough of them for the faults that are told: a file with thousands of mistakes would take minutes to explain. */
function firstOf(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  if (errors.length < mostFaults) return errors;
  const entries = new Set<string>();
  const alike = new Map<string, number>();
  return errors.filter(({ instancePath, schemaPath }) => {
    const entry = instancePath.split("/", 3).join("/");
    if (!entries.has(entry) && entries.size > mostFaults) return false;
    entries.add(entry);
    const kind = `${instancePath} ${schemaPath}`;
    const count = alike.get(kind) ?? 0;
    alike.set(kind, count + 1);
    return count <= mostFaults;
  });
}

/** Alternatives of a value before those of what is in it; of one value, the outer before the inner (told later). */
function outermostFirst(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors
    .filter(({ keyword }) => keyword === "anyOf")
    .reverse()
    .sort((a, b) => a.instancePath.length - b.instancePath.length);
}

function isRequiredOnly(branch: JsonSchema): boolean {
  return Object.keys(branch).every((key) => key === "required");
}

function wrongForm(error: ErrorObject, branches: readonly JsonSchema[], root: JsonSchema, path: SpecPath): StructureFault {
  const title = String((error.parentSchema as JsonSchema)["title"] ?? "another form");
  const data = error.data as JsonValue;
  const schemas = branches.flatMap((branch) => sameInstanceSchemas(branch, root));
  const known = schemas.flatMap((schema) => (Array.isArray(schema["enum"]) ? schema["enum"].map(String) : []));
  const better = typeof data === "string" ? schemas.flatMap((schema) => betterName(data, schema) ?? []) : [];
  const suggestions = typeof data === "string" ? [...new Set([...nearest(data, known), ...better])] : [];
  return {
    rule: better.length > 0 ? "spec/name" : "spec/schema",
    message: `Expected ${title}; found ${describeValue(data)}.`,
    path,
    on: "value",
    ...(suggestions.length > 0 ? { suggestions } : {}),
  };
}

/** A misspelt key is not also a missing one. */
function withoutRenamed(faults: readonly StructureFault[]): StructureFault[] {
  const renamed = new Set<string>();
  for (const { unknown, path, suggestions } of faults) {
    if (unknown) for (const name of suggestions ?? []) renamed.add(JSON.stringify([...path.slice(0, -1), name]));
  }
  return faults.filter(({ missing = [], path }) => !missing.some((name) => renamed.has(JSON.stringify([...path, name]))));
}

function distinct(faults: readonly StructureFault[]): StructureFault[] {
  const seen = new Set<string>();
  return faults.filter(({ path, message }) => {
    const key = JSON.stringify([path, message]);
    return !seen.has(key) && seen.add(key);
  });
}

function isAtOrBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

/** A JSON pointer as a path; a number where the parent is a list. */
function pathOf(pointer: string, value: JsonValue): SpecPath {
  const path: (string | number)[] = [];
  let at: JsonValue | undefined = value;
  for (const escaped of pointer.split("/").slice(1)) {
    const step = escaped.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(at)) {
      path.push(Number(step));
      at = at[Number(step)];
    } else {
      path.push(step);
      at = (at as Record<string, JsonValue> | undefined)?.[step];
    }
  }
  return path;
}
