import { builtInErrorNames } from "../../spec/built-in-errors.js";
import { scalarNames } from "../../spec/language/types.js";
import type { Machine, SequenceLoad, Table, TableLoad, UseCase } from "../../spec/model.js";
import { findType } from "../../spec/resolve-type.js";
import { nearest } from "../../spec/suggest.js";
import { referencesInFields, referencesInType, type TypeReference } from "../../spec/type-references.js";
import { allConditions } from "../conditions.js";
import { findColumn, type ProjectContext, type UseCaseContext } from "../context.js";
import type { Report, Rule } from "../rule.js";
import { unknownColumn, unknownName, unknownTable } from "../unknown-names.js";

export const specUnknownReference: Rule = {
  id: "spec/unknown-reference",
  severity: "error",
  required: true,
  local: true,
  subject: "project",
  summary: "a name that nothing has: a type, a table, a column, a load, an error",
  why: "Specs speak of the Drizzle schema's tables and columns by their TypeScript names, and of types and errors by the names that specs declare.",
  bad: {
    spec: `
state:
  order:
    table: order  # found here
    where: { id: command.orderId }
    lock: no key update
`,
  },
  good: { spec: "state:\n  order:\n    table: orders\n    where: { id: command.orderId }\n    lock: no key update\n" },
  *checkUseCase(context) {
    yield* unknownTypes(typesOf(context.useCase), context.file, context);
    yield* inUseCase(context);
  },
  *check(context) {
    const { project } = context;
    for (const { type, file } of project.types) yield* unknownTypes(referencesInType(type), file, context);
    for (const machine of project.machines) yield* inMachine(machine, context);
  },
};

function typesOf({ command, prepare, result, errors, events, jobs }: UseCase): readonly TypeReference[] {
  const fields = [
    command,
    ...prepare.map((each) => each.fields),
    result,
    ...errors.map(({ details = [] }) => details),
    ...events.map(({ payload }) => payload),
    ...jobs.map(({ payload }) => payload),
  ];
  return fields.flatMap(referencesInFields);
}

function* unknownTypes(references: readonly TypeReference[], file: string, { project }: Pick<ProjectContext, "project">): Iterable<Report> {
  for (const reference of references) {
    if (findType(project, reference.name) !== undefined) continue;
    const known = project.types.map(({ name }) => name);
    yield {
      at: { file: reference.file ?? file, path: reference.path },
      message: `There is no type "${reference.name}".`,
      suggestions: nearest(reference.name, [...known, ...scalarNames]),
    };
  }
}

function* inMachine(machine: Machine, context: ProjectContext): Iterable<Report> {
  const table = context.findTable(machine.table.name);
  if (table === undefined) yield* unknownTable(machine.table, machine.file, context);
  else if (findColumn(table, machine.field.name) === undefined) yield unknownColumn(machine.field, table, machine.file);
}

function* inUseCase(context: UseCaseContext): Iterable<Report> {
  const { useCase, file, findLoad, findError } = context;
  for (const load of useCase.loads) {
    if (load.kind === "sequence") yield* unknownSequence(load, file, context);
    if (load.kind !== "table") continue;
    const table = context.findTable(load.table.name);
    if (table === undefined) yield* unknownTable(load.table, file, context);
    else yield* unknownColumns(load, table, file);
    const { missing } = load;
    if (missing !== undefined && findError(missing.name) === undefined && !builtInErrorNames.includes(missing.name))
      yield {
        ...unknownName(
          "error",
          missing,
          file,
          useCase.errors.map(({ name }) => name),
        ),
        help: "Declare it under `errors`.",
      };
  }
  for (const { error } of useCase.prepare)
    if (error !== undefined && error.name !== "Unavailable" && findError(error.name) === undefined)
      yield {
        ...unknownName("error", error, file, ["Unavailable", ...useCase.errors.map(({ name }) => name)]),
        help: "Declare it under `errors`, or leave it out for Unavailable.",
      };
  for (const write of useCase.writes)
    if (context.findTable(write.table.name) === undefined) yield* unknownTable(write.table, file, context, "key");
  const [service] = useCase.uses;
  if (service !== undefined && context.project.config.services === undefined)
    yield {
      at: { file, path: service.path },
      message: `There is no service "${service.name}": the configuration names no module of services.`,
      help: "Add `services: src/services.ts` to the configuration; its interface `Services` says what there is.",
    };
  for (const { load } of useCase.transitions)
    if (findLoad(load.name) === undefined)
      yield unknownName(
        "load",
        load,
        file,
        useCase.loads.map(({ name }) => name),
      );
}

function* unknownSequence(load: SequenceLoad, file: string, context: UseCaseContext): Iterable<Report> {
  const [tableName = "", columnName = ""] = load.sequence.split(".");
  const path = [...load.path, "sequence"];
  const table = context.findTable(tableName);
  if (table === undefined) return yield* unknownTable({ name: tableName, path }, file, context);
  const column = findColumn(table, columnName);
  if (column === undefined) return yield unknownColumn({ name: columnName, path }, table, file);
  if (column.generated === undefined || column.generated === "expression")
    yield {
      at: { file, path },
      message: `${load.sequence} has no sequence: the database does not number it.`,
      suggestions: table.columns
        .filter(({ generated }) => generated !== undefined && generated !== "expression")
        .map(({ name }) => `${tableName}.${name}`),
    };
}

/** In every place where a load names columns: as a key or as a value. */
function* unknownColumns(load: TableLoad, table: Table, file: string): Iterable<Report> {
  const isUnknown = (name: string) => findColumn(table, name) === undefined;
  for (const { column } of allConditions(load.where))
    if (isUnknown(column.name)) yield { ...unknownColumn(column, table, file), on: "key" };
  for (const { column, path } of load.orderBy)
    if (isUnknown(column))
      yield { ...unknownColumn({ name: column, path }, table, file), on: typeof path.at(-1) === "string" ? "key" : "value" };
  if (load.keyBy !== undefined && isUnknown(load.keyBy.name)) yield { ...unknownColumn(load.keyBy, table, file), on: "value" };
  for (const name of load.columns ?? []) if (isUnknown(name.name)) yield { ...unknownColumn(name, table, file), on: "value" };
  for (const { column, path } of load.aggregate ?? [])
    if (column !== undefined && isUnknown(column)) yield { ...unknownColumn({ name: column, path }, table, file), on: "value" };
}
