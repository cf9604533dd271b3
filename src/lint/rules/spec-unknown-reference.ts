import { builtInErrorNames } from "../../spec/built-in-errors.js";
import { findColumn } from "../../spec/find-table.js";
import { scalarNames } from "../../spec/language/types.js";
import type { Machine, SequenceLoad, Table, TableLoad, UseCase } from "../../spec/model.js";
import { findType } from "../../spec/resolve-type.js";
import { nearest } from "../../spec/suggest.js";
import { referencesInFields, referencesInType, type TypeReference } from "../../spec/type-references.js";
import { allConditions } from "../conditions.js";
import type { ProjectContext, UseCaseContext } from "../context.js";
import { fieldsOf } from "../fields-of.js";
import type { OnReport, Rule } from "../rule.js";
import { reportUnknownTable, unknownColumn, unknownName } from "../unknown-names.js";

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
  checkUseCase(context, report) {
    checkTypes(typesOf(context.useCase), context.file, context, report);
    checkNames(context, report);
  },
  check(context, report) {
    const { project } = context;
    for (const { type, file } of project.types) checkTypes(referencesInType(type), file, context, report);
    for (const machine of project.machines) checkMachine(machine, context, report);
  },
};

function typesOf(useCase: UseCase): readonly TypeReference[] {
  return [...referencesInFields(fieldsOf(useCase)), ...useCase.prepare.flatMap(({ fields }) => referencesInFields(fields))];
}

function checkTypes(
  references: readonly TypeReference[],
  file: string,
  { project }: Pick<ProjectContext, "project">,
  report: OnReport,
): void {
  for (const reference of references) {
    if (findType(project, reference.name) !== undefined) continue;
    const known = project.types.map(({ name }) => name);
    report({
      at: { file: reference.file ?? file, path: reference.path },
      message: `There is no type "${reference.name}".`,
      suggestions: nearest(reference.name, [...known, ...scalarNames]),
    });
  }
}

function checkMachine(machine: Machine, context: ProjectContext, report: OnReport): void {
  const table = context.findTable(machine.table.name);
  if (table === undefined) reportUnknownTable(machine.table, machine.file, context, report);
  else if (findColumn(table, machine.field.name) === undefined) report(unknownColumn(machine.field, table, machine.file));
}

function checkNames(context: UseCaseContext, report: OnReport): void {
  const { useCase, file, findLoad, findError } = context;
  for (const load of useCase.loads) {
    if (load.kind === "sequence") checkSequence(load, file, context, report);
    if (load.kind !== "table") continue;
    const table = context.findTable(load.table.name);
    if (table === undefined) reportUnknownTable(load.table, file, context, report);
    else checkColumns(load, table, file, report);
    const { missing } = load;
    if (missing !== undefined && findError(missing.name) === undefined && !builtInErrorNames.includes(missing.name))
      report({
        ...unknownName(
          "error",
          missing,
          file,
          useCase.errors.map(({ name }) => name),
        ),
        help: "Declare it under `errors`.",
      });
  }
  for (const { error } of useCase.prepare)
    if (error !== undefined && error.name !== "Unavailable" && findError(error.name) === undefined)
      report({
        ...unknownName("error", error, file, ["Unavailable", ...useCase.errors.map(({ name }) => name)]),
        help: "Declare it under `errors`, or leave it out for Unavailable.",
      });
  for (const write of useCase.writes)
    if (context.findTable(write.table.name) === undefined) reportUnknownTable(write.table, file, context, report, "key");
  const [service] = useCase.uses;
  if (service !== undefined && context.project.config.services === undefined)
    report({
      at: { file, path: service.path },
      message: `There is no service "${service.name}": the configuration names no module of services.`,
      help: "Add `services: src/services.ts` to the configuration; its interface `Services` says what there is.",
    });
  for (const { load } of useCase.transitions)
    if (findLoad(load.name) === undefined)
      report(
        unknownName(
          "load",
          load,
          file,
          useCase.loads.map(({ name }) => name),
        ),
      );
}

function checkSequence(load: SequenceLoad, file: string, context: UseCaseContext, report: OnReport): void {
  const [tableName = "", columnName = ""] = load.sequence.split(".");
  const path = [...load.path, "sequence"];
  const table = context.findTable(tableName);
  const column = table && findColumn(table, columnName);
  if (table === undefined) reportUnknownTable({ name: tableName, path }, file, context, report);
  else if (column === undefined) report(unknownColumn({ name: columnName, path }, table, file));
  else if (column.generated === undefined || column.generated === "expression")
    report({
      at: { file, path },
      message: `${load.sequence} has no sequence: the database does not number it.`,
      suggestions: table.columns
        .filter(({ generated }) => generated !== undefined && generated !== "expression")
        .map(({ name }) => `${tableName}.${name}`),
    });
}

/** In every place where a load names columns: as a key or as a value. */
function checkColumns(load: TableLoad, table: Table, file: string, report: OnReport): void {
  const isUnknown = (name: string) => findColumn(table, name) === undefined;
  for (const { column } of allConditions(load.where))
    if (isUnknown(column.name)) report({ ...unknownColumn(column, table, file), on: "key" });
  for (const { column, path } of load.orderBy)
    if (isUnknown(column))
      report({ ...unknownColumn({ name: column, path }, table, file), on: typeof path.at(-1) === "string" ? "key" : "value" });
  if (load.keyBy !== undefined && isUnknown(load.keyBy.name)) report({ ...unknownColumn(load.keyBy, table, file), on: "value" });
  for (const name of load.columns ?? []) if (isUnknown(name.name)) report({ ...unknownColumn(name, table, file), on: "value" });
  for (const { column, path } of load.aggregate ?? [])
    if (column !== undefined && isUnknown(column)) report({ ...unknownColumn({ name: column, path }, table, file), on: "value" });
}
