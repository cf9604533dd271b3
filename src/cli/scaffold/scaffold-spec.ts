import { integerLimits, longestText } from "../../lint/column-bounds.js";
import { constraintError, constraintsOf } from "../../lint/refusing-constraints.js";
import type { Column, Config, Table } from "../../spec/model.js";
import { pascalCase, sentence, words } from "../../spec/names.js";
import type { ScaffoldLoad, ScaffoldRequest } from "./scaffold-request.js";

/**
 * The text of a new spec: complete, so that it lints without a finding, and to be filled with what the action decides.
 * Every name in it was checked before, so that nothing needs quoting.
 */
export function scaffoldSpec(
  { name, loads, transitions, events, jobs, writes }: ScaffoldRequest,
  config: Config,
  schemaUrl: string,
): string {
  const [subject] = loads;
  const changes = writes.length + transitions.length + events.length + jobs.length > 0;
  const blocks = [
    [`# yaml-language-server: $schema=${schemaUrl}`, `usecase: ${name}`, `summary: ${sentence(name)}`],
    mapping(
      "command",
      loads.flatMap((load) => keysOf(load, config).map(({ field, column }) => `${field}: ${fieldType(column)}`)),
    ),
    ...(changes ? [["idempotency:", "  key: caller"]] : []),
    ...(loads.length === 0 ? [] : [["state:", ...loads.flatMap((load) => loadLines(load, config))]]),
    policyLines(name, subject),
    ...(transitions.length === 0
      ? []
      : [
          [
            "transitions:",
            ...transitions.map(({ load, machine, event }) => `  - { state: ${load}, machine: ${machine}, event: ${event} }`),
          ],
        ]),
    ...(writes.length === 0
      ? []
      : [
          [
            "writes:",
            ...writes.map(
              ({ table, columns }) => `  ${table}: ${columns === undefined ? "[update]" : `{ update: [${columns.join(", ")}] }`}`,
            ),
          ],
        ]),
    ["result: {}"],
    ...(loads.length === 0 ? [] : [["errors:", ...errorLines(loads, writes)]]),
    [
      "audit:",
      `  subject: { type: ${subject === undefined ? "Actor" : pascalCase(subject.name)}, id: ${subject === undefined ? "actor.id" : keyOf(subject)} }`,
    ],
    ...messages("events", events, loads, config),
    ...messages("jobs", jobs, loads, config),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function loadLines(load: ScaffoldLoad, config: Config): readonly string[] {
  const where = keysOf(load, config).map(({ field, column }) => `${column.name}: command.${field}`);
  return [
    `  ${load.name}:`,
    `    table: ${load.table.name}`,
    `    where: { ${where.join(", ")} }`,
    ...(load.lock === "update" ? [disabled("    ", "lock/stronger-than-needed", "the row is to be deleted, or its key changed")] : []),
    ...(load.lock === "none" ? [] : [`    lock: ${load.lock}`]),
    `    missing: ${missingError(load)}`,
  ];
}

/** A row that is not there, and what the database may say to an update of it. */
function errorLines(loads: readonly ScaffoldLoad[], writes: ScaffoldRequest["writes"]): readonly string[] {
  const refusing = writes.flatMap(({ table: name, columns: written }) => {
    const table = loads.find((load) => load.table.name === name)?.table;
    const changed = (column: string) => (written === undefined ? table?.primaryKey.includes(column) === false : written.includes(column));
    return table === undefined ? [] : constraintsOf(table, []).filter(({ columns }) => columns.some(changed));
  });
  return [
    ...loads.map((load) => `  ${missingError(load)}: { kind: not-found }`),
    ...refusing.map((constraint) => `  ${constraintError(constraint)}: { kind: conflict, constraint: ${constraint.name} }`),
  ];
}

function policyLines(name: string, subject: ScaffoldLoad | undefined): readonly string[] {
  const [verb = name] = words(name);
  const permission = `${subject === undefined ? "application" : subject.table.name}.${verb.toLowerCase()}`;
  return ["policies:", `  - permission: ${permission}`, ...(subject === undefined ? [] : [`    resource: ${subject.name}`])];
}

function messages(
  key: "events" | "jobs",
  names: readonly string[],
  loads: readonly ScaffoldLoad[],
  config: Config,
): readonly (readonly string[])[] {
  if (names.length === 0) return [];
  const [subject] = loads;
  const payload =
    subject === undefined ? [] : keysOf(subject, config).map(({ field, column }) => `${field}: { from: ${subject.name}.${column.name} }`);
  const lines = names.flatMap((name) => [
    `  ${name}:`,
    ...(key === "events" ? ["    version: 1", ...orderingKey(loads)] : []),
    payload.length === 0 ? "    payload: {}" : "    payload:",
    ...payload.map((line) => `      ${line}`),
  ]);
  return [[`${key}:`, ...lines]];
}

/** The row that is locked puts the events of its key in order; without one, the runtime takes an advisory lock. */
function orderingKey(loads: readonly ScaffoldLoad[]): readonly string[] {
  const [subject] = loads;
  const locked = loads.find(({ lock, table }) => (lock === "no key update" || lock === "update") && table.primaryKey.length === 1);
  if (locked !== undefined) return [`    key: ${keyOf(locked)}`];
  return [
    disabled("    ", "event/unserialised-key", "no row is locked: an advisory lock keeps the order"),
    `    key: ${subject === undefined ? "actor.id" : keyOf(subject)}`,
  ];
}

const disabled = (indent: string, rule: string, reason: string) => `${indent}# usecase-lint-disable-next-line ${rule} -- ${reason}`;

/** The columns that find the row, less the tenant, with the command's fields for them. */
function keysOf({ name, table }: ScaffoldLoad, { tenant }: Config): readonly { readonly field: string; readonly column: Column }[] {
  const columns = table.columns.filter((column) => table.primaryKey.includes(column.name) && column.name !== tenant?.column);
  return columns.map((column) => ({ field: `${name}${pascalCase(column.name)}`, column }));
}

const keyOf = ({ name, table }: { readonly name: string; readonly table: Table }) => `${name}.${table.primaryKey.at(-1)}`;
const missingError = ({ name }: ScaffoldLoad) => `${pascalCase(name)}NotFound`;

function mapping(key: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [`${key}: {}`] : [`${key}:`, ...lines.map((line) => `  ${line}`)];
}

/** A command field that can find a row by this column. */
function fieldType(column: Column): string {
  const { dataType, sqlType, enumValues } = column;
  if (enumValues !== undefined) return `{ enum: [${enumValues.map((value) => JSON.stringify(value)).join(", ")}] }`;
  if (sqlType === "uuid") return "uuid";
  if (/^(numeric|decimal)/.test(sqlType)) return "decimal";
  if (sqlType === "date") return "date";
  if (sqlType.startsWith("timestamp")) return "timestamp";
  if (/^(real|double)/.test(sqlType)) return "number";
  const limit = integerLimits[sqlType];
  if (limit !== undefined) return `{ type: integer, minimum: 1, maximum: ${limit - 1} }`;
  if (dataType === "number") return "integer";
  if (dataType === "bigint") return "bigint";
  if (dataType === "boolean") return "boolean";
  return `{ type: string, minLength: 1, maxLength: ${longestText(column) ?? 200} }`;
}
