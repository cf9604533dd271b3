import { basename } from "node:path/posix";
import { builtInErrorNames } from "./built-in-errors.js";
import type { Problem } from "./finding.js";
import type { Field, JsonValue, Located, Project, SpecPath, Type, UseCase } from "./model.js";
import { camelCase, kebabCase } from "./names.js";
import type { ReadSpec } from "./read-spec.js";
import { celKeywords, celNames, isDeviceName, javascriptWords, objectMembers, scopeNames, typeNames } from "./reserved-names.js";

interface Named extends Located {
  readonly name: string;
}

/** A file and the name that its use case or machine gives itself. */
export interface NamedSpec extends Pick<ReadSpec, "kind"> {
  readonly file: string;
  readonly name: string | undefined;
}

/** `spec/name`, `spec/duplicate` and `spec/file-name`: names that cannot be, that two things have, that a file lacks. */
export function checkNames(project: Pick<Project, "types" | "config">, specs: readonly NamedSpec[]): Problem[] {
  const problems = checkFileNames(specs);
  for (const { name, path, file, type } of project.types) {
    if (typeNames.has(name)) problems.push(badName(file, path, `"${name}" is a type of JavaScript or TypeScript already.`));
    const fields = innerFields(type);
    if (fields !== undefined) checkFields(file, fields, problems);
  }
  checkFields(project.config.file ?? "", project.config.claims, problems);
  return problems;
}

/** Use cases and machines: each gives its file its name, and generated files and types too. */
function checkFileNames(specs: readonly NamedSpec[]): Problem[] {
  const problems: Problem[] = [];
  for (const kind of ["usecase", "machine"] as const) {
    const byKebab = new Map<string, { name: string; file: string }>();
    for (const { file, name, kind: ofKind } of specs) {
      if (ofKind !== kind || name === undefined) continue;
      const kebab = kebabCase(name);
      const wanted = `${kebab}.${kind}.yaml`;
      const first = byKebab.get(kebab);
      const place = { file, path: [kind], on: "value" } as const;
      if (first !== undefined) {
        const same = first.name === name;
        problems.push({
          ruleId: same ? "spec/duplicate" : "spec/name",
          severity: "error",
          message: same ? `There are two of the name ${name}.` : `${name} and ${first.name} are both called ${kebab} in files.`,
          place,
          related: [{ message: "The first one.", place: { file: first.file, path: [kind], on: "value" } }],
        });
        continue;
      }
      byKebab.set(kebab, { name, file });
      if (
        isDeviceName(kebab) ||
        javascriptWords.has(camelCase(name)) ||
        name === "UseCases" ||
        objectMembers.has(camelCase(name)) ||
        typeNames.has(name)
      ) {
        problems.push({ ...badName(file, [kind], `"${name}" cannot be the name of files, types and constants.`), place });
      } else if (basename(file) !== wanted) {
        problems.push({
          ruleId: "spec/file-name",
          severity: "error",
          message: `${name} belongs into a file called ${wanted}.`,
          place,
          help: `Rename the file, or the ${kind === "usecase" ? "use case" : "machine"}.`,
        });
      }
    }
  }
  return problems;
}

/** The name that a use case or machine gives itself, if it is one. */
export function nameIn(value: JsonValue | undefined, kind: string): string | undefined {
  const name =
    typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, JsonValue>)[kind] : undefined;
  return typeof name === "string" && /^[A-Z][A-Za-z0-9]{0,99}$/.test(name) ? name : undefined;
}

/** The same for the names inside of a use case. */
export function checkNamesIn({ file, command, result, prepare, loads, errors, events, jobs }: UseCase): Problem[] {
  const problems: Problem[] = [];
  checkFields(file, command, problems);
  checkFields(file, result, problems);
  for (const { fields } of prepare) checkFields(file, fields, problems);
  for (const { details } of errors) if (details !== undefined) checkFields(file, details, problems);
  for (const { payload } of events) checkFields(file, payload, problems);
  for (const { payload } of jobs) checkFields(file, payload, problems);
  for (const load of loads) checkVariable(file, "load", load, problems);
  for (const each of prepare) checkMember(file, each, problems);
  for (const { name, path, file: own = file } of errors)
    if (builtInErrorNames.includes(name)) problems.push(badName(own, path, `${name} is built in and never redeclared.`));
  checkDuplicates(file, "error", errors, problems);
  checkDuplicates(file, "event", events, problems);
  checkDuplicates(file, "job", jobs, problems);
  return problems;
}

/** In a list a name can stand twice, which a mapping's keys cannot. */
function checkDuplicates(file: string, what: string, list: readonly Named[], problems: Problem[]): void {
  const seen = new Set<string>();
  for (const { name, path, file: own = file } of list) {
    if (seen.has(name))
      problems.push({
        ruleId: "spec/duplicate",
        severity: "error",
        message: `The ${what} ${name} is listed twice.`,
        place: { file: own, path },
      });
    seen.add(name);
  }
}

function checkFields(file: string, fields: readonly Field[], problems: Problem[]): void {
  const seen = new Map<string, Field>();
  for (const field of fields) {
    checkMember(file, field, problems);
    const first = seen.get(field.name);
    if (first !== undefined) {
      problems.push({
        ruleId: "spec/duplicate",
        severity: "error",
        message: `The field ${field.name} is there twice, required and optional.`,
        place: { file: field.file ?? file, path: field.path, on: "key" },
        related: [{ message: "The first one.", place: { file: first.file ?? file, path: first.path, on: "key" } }],
      });
    }
    seen.set(field.name, field);
    const inner = innerFields(field.type);
    if (inner !== undefined) checkFields(file, inner, problems);
  }
}

/** Those of an object, or of the objects in a list. */
function innerFields(type: Type): readonly Field[] | undefined {
  if (type.kind === "array") return innerFields(type.items);
  return type.kind === "object" ? type.fields : undefined;
}

/** A name after a dot. */
function checkMember(file: string, { name, path, file: own = file }: Named, problems: Problem[]): void {
  if (objectMembers.has(name)) problems.push(badName(own, path, `"${name}" is on every JavaScript object already.`));
  else if (celKeywords.has(name)) problems.push(badName(own, path, `"${name}" is a word of CEL: no expression could name it.`));
}

/** A name by itself, in expressions and in generated code. */
function checkVariable(file: string, what: string, named: Named, problems: Problem[]): void {
  const { name, path } = named;
  if (scopeNames.has(name)) problems.push(badName(file, path, `"${name}" means something else in expressions already.`));
  else if (celNames.has(name)) problems.push(badName(file, path, `"${name}" is a word of CEL and cannot name a ${what}.`));
  else if (javascriptWords.has(name)) problems.push(badName(file, path, `"${name}" is a word of JavaScript and cannot name a ${what}.`));
  else checkMember(file, named, problems);
}

function badName(file: string, path: SpecPath, message: string): Problem {
  return { ruleId: "spec/name", severity: "error", message, place: { file, path, on: "key" } };
}
