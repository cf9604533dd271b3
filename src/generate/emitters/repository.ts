import type { Machine, Table } from "../../spec/model.js";
import { array, type Code, generic, member, object, union } from "../code/code.js";
import { aliasOf, type Declaration, interfaceOf } from "../code/declaration.js";
import { createImports, type Imports } from "../code/imports.js";
import { printCode } from "../code/print-code.js";
import type { EmitContext, Emitter } from "../emitter.js";
import { globalTypes } from "../emitter.js";
import { identifier, literal, propertyKey, quoted } from "../encode.js";
import { tableRules } from "../table-rules.js";
import type { UseCaseFacts } from "../use-case-facts.js";

/** `repositories/<table>.gen.ts`: the row types of a table and what the runtime knows of it. */
export const repositoryEmitter: Emitter = {
  name: "repository",
  all: (context, facts) =>
    usedTables(context, facts).map((table) => ({
      path: context.paths.repository(table.name),
      kind: "generated",
      template: "generated/repository",
      view: repositoryView(table, context),
    })),
};

/** The tables that use cases load or write, by name. */
function usedTables(context: EmitContext, facts: readonly UseCaseFacts[]): readonly Table[] {
  return [...new Set(facts.flatMap(({ tables }) => tables))].sort().map(context.table);
}

function repositoryView(table: Table, context: EmitContext): object {
  const row = identifier(context.rowName(table.name));
  const repositoryName = identifier(`${table.name}Repository`);
  const imports = createImports(new Set([row, `New${row}`, `${row}Changes`, `${row}Writes`, repositoryName, ...globalTypes]));
  const tableName = imports.value(context.paths.importOf(context.paths.repository(table.name), table.module), identifier(table.name));
  const machines = context.project.machines.filter((machine) => machine.table.name === table.name);
  const rules = tableRules(table, context.project);

  const declarations = [
    interfaceOf(row, [member(`[${imports.type("usecasecore", "rowOf")}]`, union([literal(table.name), "undefined"]), { optional: true })], {
      comment: [`A row of ${quoted(table.sqlName)}.`],
      extends: generic(imports.type("usecasecore", "Columns"), `typeof ${tableName}`),
    }),
    ...(table.kind === "table" ? writeDeclarations({ table, tableName, row, machines, imports, rules }) : []),
  ];
  const options = object({
    name: literal(table.name),
    key: array(table.primaryKey.map(literal)),
    tenant: rules.tenant === undefined ? undefined : literal(rules.tenant),
    version: rules.version === undefined ? undefined : literal(rules.version),
    initial: machines.length === 0 ? undefined : initialStates(machines),
    secret: rules.secret.length === 0 ? undefined : array(rules.secret.map(literal)),
    casing: context.project.config.casing && literal(context.project.config.casing),
  });
  const head = `export const ${repositoryName}: ${imports.type("usecasecore", "Repository")}<${row}> =`;
  const call = `/* @__PURE__ */ ${imports.value("usecasecore", "repository")}(${tableName}, `;
  return {
    source: `${table.module}#${table.name}`,
    declarations,
    repository: `${head} ${call}${printCode(options, { used: head.length + 1 + call.length, after: 2 })});`,
    imports: imports.print(),
  };
}

function initialStates(machines: readonly Machine[]): Code {
  return object(Object.fromEntries(machines.map(({ field, initial }) => [propertyKey(field.name), literal(initial.name)])));
}

function writeDeclarations(of: {
  readonly table: Table;
  readonly tableName: string;
  readonly row: string;
  readonly machines: readonly Machine[];
  readonly imports: Imports;
  readonly rules: ReturnType<typeof tableRules>;
}): readonly Declaration[] {
  const { table, tableName, row, machines, imports, rules } = of;
  const core = (name: string) => imports.type("usecasecore", name);
  const names = (columns: readonly string[]) => columns.map(quoted).join(", ");
  const machineOf = (column: string) => machines.find(({ field }) => field.name === column);

  const given = [...rules.givenOnInsert];
  const givenText = [
    ...given
      .filter((column) => ![rules.optionalKey, rules.databaseKey?.name].includes(column) && machineOf(column) === undefined)
      .map(quoted),
    ...machines.map(({ field }) => `the initial ${quoted(field.name)}`),
  ];
  const newRow = interfaceOf(
    `New${row}`,
    [
      ...(rules.optionalKey === undefined
        ? []
        : [
            member(propertyKey(rules.optionalKey), columnType(table, rules.optionalKey, row), {
              optional: true,
              comment: ["Left out, a uuid v7."],
            }),
          ]),
      ...(rules.databaseKey === undefined
        ? []
        : [
            member(propertyKey(rules.databaseKey.name), columnType(table, rules.databaseKey.name, row), {
              comment: [`What a load of the sequence ${quoted(`${table.name}.${rules.databaseKey.name}`)} has given.`],
            }),
          ]),
    ],
    {
      comment: [["A row to insert.", ...(givenText.length === 0 ? [] : [`The runtime gives ${sentenceList(givenText)}.`])].join(" ")],
      extends: generic(core("NewColumns"), `typeof ${tableName}`, ...(given.length === 0 ? [] : [union(given.map(literal))])),
    },
  );

  const fixedText = [
    ...(table.primaryKey.length === 0 ? [] : [`not the key ${names(table.primaryKey)}`]),
    ...rules.fixed
      .filter((column) => !table.primaryKey.includes(column))
      .map(
        (column) => `not ${quoted(column)}${machineOf(column) === undefined ? "" : ` (the ${machineOf(column)?.name} machine writes it)`}`,
      ),
  ];
  const changes = aliasOf(
    `${row}Changes`,
    generic(core("Changes"), row, ...(rules.fixed.length === 0 ? [] : [union(rules.fixed.map(literal))])),
    {
      comment: [`What an update may change${fixedText.length === 0 ? "" : `: ${fixedText.join(", ")}`}.`],
    },
  );

  const key = union(table.primaryKey.map(literal));
  const rowOf = () => `${core("RowOf")}<${literal(table.name)}>`;
  const changeable = () => [
    {
      comment: ["Queues a change of a loaded row and returns the row as it will be."],
      code: `update<Row extends ${rowOf()}>(row: Row, changes: ${row}Changes): Row;`,
    },
    { comment: ["Queues the removal of a loaded row."], code: `delete(row: ${rowOf()}): void;` },
  ];
  const writes = interfaceOf(`${row}Writes`, [], {
    comment: [`Changes to ${quoted(table.sqlName)}, queued until the handler has returned.`],
    ...(table.primaryKey.length > 0 && rules.countable.length > 0
      ? { extends: generic(core("IncrementOf"), row, key, union(rules.countable.map(literal))) }
      : {}),
    methods: [insertMethod(table, row, printCode(key)), ...(table.primaryKey.length > 0 ? changeable() : [])],
  });
  return [newRow, changes, writes];
}

function insertMethod(table: Table, row: string, key: string) {
  if (table.primaryKey.length === 0) return { comment: ["Queues an insert."], code: `insert(row: New${row}): void;` };
  return { comment: ["Queues an insert and returns the new row's key."], code: `insert(row: New${row}): Pick<${row}, ${key}>;` };
}

function columnType(table: Table, column: string, row: string): string {
  return table.columns.find(({ name }) => name === column)?.dataType === "string" ? "string" : `${row}[${literal(column)}]`;
}

/** `a`, `b` and `c` */
function sentenceList(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
