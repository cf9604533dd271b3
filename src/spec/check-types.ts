import type { Problem } from "./finding.js";
import type { Field, JsonValue, Project, SpecPath, Type, UseCase } from "./model.js";
import { resolveType } from "./resolve-type.js";

type Types = Pick<Project, "types">;

/** Keywords of types that contradict themselves or their type: a pattern that is none, a default that does not fit. */
export function checkTypes(project: Pick<Project, "types" | "config">): Problem[] {
  const { config, types } = project;
  const problems: Problem[] = [];
  for (const { file, name, type } of types) {
    checkType(project, file, type, problems);
    if (isEndless(project, name, type)) problems.push(endless(file, name, type));
  }
  checkFields(project, config.file ?? "", config.claims, problems);
  return problems;
}

/** The same for the types inside of a use case. */
export function checkTypesIn(project: Types, { file, command, result, prepare, errors, events, jobs }: UseCase): Problem[] {
  const problems: Problem[] = [];
  checkFields(project, file, command, problems);
  checkFields(project, file, result, problems);
  for (const { fields } of prepare) checkFields(project, file, fields, problems);
  // A shared declaration is checked wherever it is used; lint tells it once.
  for (const { details } of errors) if (details !== undefined) checkFields(project, file, details, problems);
  for (const { payload } of events) checkFields(project, file, payload, problems);
  for (const { payload } of jobs) checkFields(project, file, payload, problems);
  return problems;
}

function checkFields(project: Types, file: string, fields: readonly Field[], problems: Problem[]): void {
  for (const { type } of fields) checkType(project, file, type, problems);
}

function checkType(project: Types, file: string, type: Type, problems: Problem[]): void {
  const report = (message: string, key?: string): void => {
    const path: SpecPath = key === undefined ? type.path : [...type.path, key];
    problems.push({ ruleId: "spec/schema", severity: "error", message, place: { file: type.file ?? file, path } });
  };
  if (type.kind === "array") checkType(project, file, type.items, problems);
  if (type.kind === "object") checkFields(project, file, type.fields, problems);

  const { keywords } = type;
  if (Object.keys(keywords).length === 0) return;
  const { pattern } = keywords;
  if (typeof pattern === "string" && !isPattern(pattern)) report(`"${pattern}" is no regular expression.`, "pattern");
  for (const [least, most] of bounds) {
    const from = keywords[least];
    const to = keywords[most];
    if (typeof from === "number" && typeof to === "number" && from > to) report(`${least} is above ${most}: no value can fit.`, least);
  }
  const resolved = resolveType(project, type);
  if (resolved === undefined) return;
  if (type.kind === "reference") {
    for (const key of Object.keys(keywords)) {
      if (!applies(key, resolved)) report(`"${key}" says nothing about ${type.name}, which is ${formOf(resolved)}.`, key);
    }
  }
  for (const key of ["const", "default"]) {
    const value = keywords[key];
    if (value !== undefined && !fits(value, resolved)) report(`The ${key} is not ${formOf(resolved)}.`, key);
  }
  if (Array.isArray(keywords["enum"]) && !keywords["enum"].every((value: JsonValue) => fits(value, resolved))) {
    report(`Not every value is ${formOf(resolved)}.`, "enum");
  }
}

const bounds = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
] as const;

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

const ofTexts = ["minLength", "maxLength", "pattern"];
const ofNumbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const ofLists = ["minItems", "maxItems", "uniqueItems"];

function applies(keyword: string, type: Type): boolean {
  if (ofNumbers.includes(keyword)) return type.kind === "scalar" && (type.name === "integer" || type.name === "number");
  if (ofLists.includes(keyword)) return type.kind === "array";
  if (ofTexts.includes(keyword)) {
    return type.kind === "enum" || (type.kind === "scalar" && ["string", "email", "uri"].includes(type.name));
  }
  return true;
}

/** Whether a value written in the spec is of the type; formats are left to the validator. */
function fits(value: JsonValue, type: Type): boolean {
  if (value === null) return type.nullable || (type.kind === "scalar" && type.name === "json");
  switch (type.kind) {
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && !Array.isArray(value);
    case "enum":
      return typeof value === "string" && type.values.includes(value);
    case "scalar":
      break;
    default:
      return true;
  }
  if (type.name === "json") return true;
  if (type.name === "integer") return typeof value === "number" && Number.isInteger(value);
  if (type.name === "number") return typeof value === "number";
  if (type.name === "boolean") return typeof value === "boolean";
  return typeof value === "string" && (formats[type.name]?.test(value) ?? true);
}

const formats: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/i,
  decimal: /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/,
  bigint: /^(0|-?[1-9][0-9]{0,18})$/,
  email: /^[^@\s]+@[^@\s]+$/,
};

function formOf(type: Type): string {
  switch (type.kind) {
    case "scalar":
      return /^[aeiou]/.test(type.name) ? `an ${type.name}` : `a ${type.name}`;
    case "enum":
      return `one of ${type.values.join(", ")}`;
    case "array":
      return "a list";
    case "object":
      return "a mapping";
    default:
      return "of its type";
  }
}

/** A type that needs itself: no value could ever be written down. */
function isEndless(project: Types, name: string, type: Type): boolean {
  return needs(type, new Set());

  function needs(part: Type, seen: ReadonlySet<string>): boolean {
    if (part.nullable) return false;
    if (part.kind === "object") return part.fields.some((field: Field) => !field.optional && needs(field.type, seen));
    if (part.kind !== "reference") return false;
    if (part.name === name) return true;
    const next = project.types.find((other) => other.name === part.name)?.type;
    return next !== undefined && !seen.has(part.name) && needs(next, new Set([...seen, part.name]));
  }
}

function endless(file: string, name: string, type: Type): Problem {
  return {
    ruleId: "spec/schema",
    severity: "error",
    message: `The type ${name} needs itself, so that no value of it can exist.`,
    place: { file: type.file ?? file, path: type.path, on: "key" },
    help: "Make the field optional or nullable, or a list.",
  };
}
