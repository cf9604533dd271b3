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
  return [
    ...checkFileNames(specs),
    ...project.types.flatMap(({ name, path, file, type }) => [
      ...(typeNames.has(name) ? [badName(file, path, `"${name}" is a type of JavaScript or TypeScript already.`)] : []),
      ...typeFields(type).flatMap((fields) => checkFields(file, fields)),
    ]),
    ...checkFields(project.config.file ?? "", project.config.claims),
  ];
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
export function checkNamesIn(useCase: UseCase): Problem[] {
  const { file } = useCase;
  const fieldLists = [
    useCase.command,
    useCase.result,
    ...useCase.prepare.map(({ fields }) => fields),
    ...useCase.errors.map(({ details }) => details ?? []),
    ...[...useCase.events, ...useCase.jobs].map(({ payload }) => payload),
  ];
  return [
    ...fieldLists.flatMap((fields) => checkFields(file, fields)),
    ...useCase.loads.flatMap((load) => checkVariable(file, "load", load)),
    ...useCase.prepare.flatMap((prepare) => checkMember(file, prepare)),
    ...useCase.errors.flatMap((error) =>
      builtInErrorNames.includes(error.name)
        ? [badName(error.file ?? file, error.path, `${error.name} is built in and never redeclared.`)]
        : [],
    ),
    ...duplicates(file, "error", useCase.errors),
    ...duplicates(file, "event", useCase.events),
    ...duplicates(file, "job", useCase.jobs),
  ];
}

/** In a list a name can stand twice, which a mapping's keys cannot. */
function duplicates(file: string, what: string, list: readonly Named[]): Problem[] {
  return list.flatMap((item, index) => {
    const first = list.findIndex(({ name }) => name === item.name);
    if (first === index) return [];
    return [
      {
        ruleId: "spec/duplicate",
        severity: "error" as const,
        message: `The ${what} ${item.name} is listed twice.`,
        place: { file: item.file ?? file, path: item.path },
      },
    ];
  });
}

function checkFields(file: string, fields: readonly Field[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, Field>();
  for (const field of fields) {
    problems.push(...checkMember(file, field));
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
    problems.push(...typeFields(field.type).flatMap((inner) => checkFields(file, inner)));
  }
  return problems;
}

function typeFields(type: Type): (readonly Field[])[] {
  if (type.kind === "array") return typeFields(type.items);
  return type.kind === "object" ? [type.fields] : [];
}

/** A name after a dot. */
function checkMember(file: string, { name, path, file: own }: Named): Problem[] {
  if (objectMembers.has(name)) return [badName(own ?? file, path, `"${name}" is on every JavaScript object already.`)];
  if (celKeywords.has(name)) return [badName(own ?? file, path, `"${name}" is a word of CEL: no expression could name it.`)];
  return [];
}

/** A name by itself, in expressions and in generated code. */
function checkVariable(file: string, what: string, named: Named): Problem[] {
  const { name, path } = named;
  if (scopeNames.has(name)) return [badName(file, path, `"${name}" means something else in expressions already.`)];
  if (celNames.has(name)) return [badName(file, path, `"${name}" is a word of CEL and cannot name a ${what}.`)];
  if (javascriptWords.has(name)) return [badName(file, path, `"${name}" is a word of JavaScript and cannot name a ${what}.`)];
  return checkMember(file, named);
}

function badName(file: string, path: SpecPath, message: string): Problem {
  return { ruleId: "spec/name", severity: "error", message, place: { file, path, on: "key" } };
}
