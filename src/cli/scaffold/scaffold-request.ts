import type { DatabaseSchema, Lock, Machine, Project, Table } from "../../spec/model.js";
import { camelCase, kebabCase, pascalCase, singularOf } from "../../spec/names.js";
import { celNames, javascriptWords, scopeNames } from "../../spec/reserved-names.js";
import { nearest } from "../../spec/suggest.js";
import { ToolError } from "../../spec/tool-error.js";
import type { CommonOptions } from "../command.js";
import { changeableColumns } from "./changeable-columns.js";

/** What the flags of `usecase scaffold` say, as written. */
export interface ScaffoldFlags {
  readonly table?: string;
  readonly load?: readonly string[];
  readonly transition?: readonly string[];
  readonly event?: readonly string[];
  readonly job?: readonly string[];
  readonly from?: string;
}

export interface ScaffoldCommandFlags extends CommonOptions, ScaffoldFlags {
  readonly dryRun?: boolean;
  readonly diff?: boolean;
  readonly yes?: boolean;
}

/** The same with every name found in the project. */
export interface ScaffoldRequest {
  readonly name: string;
  readonly loads: readonly ScaffoldLoad[];
  readonly transitions: readonly { readonly load: string; readonly machine: string; readonly event: string }[];
  readonly events: readonly string[];
  readonly jobs: readonly string[];
  /** The tables whose rows the handler may update: these columns, or any. */
  readonly writes: readonly { readonly table: string; readonly columns: readonly string[] | undefined }[];
}

export interface ScaffoldLoad {
  readonly name: string;
  readonly table: Table;
  readonly lock: Lock;
}

export const locks: readonly Lock[] = ["none", "share", "no key update", "update"];

/**
 * Checks the flags against the project.
 * @throws ToolError (exit code 2) for a name that is not there or has the wrong form, with the nearest one.
 */
export function scaffoldRequest(name: string, flags: ScaffoldFlags, project: Project): ScaffoldRequest {
  requirePascalCase(name, "The use case's name");
  for (const message of [...(flags.event ?? []), ...(flags.job ?? [])]) requirePascalCase(message, "An event's or job's name");
  const schema = schemaOf(project);

  const loads: ScaffoldLoad[] = (flags.load ?? []).map((value) => parseLoad(value, schema));
  const add = (table: Table): ScaffoldLoad => {
    const known = loads.find((load) => load.table.name === table.name);
    if (known !== undefined) return known;
    const load: ScaffoldLoad = { name: loadName(table), table, lock: "no key update" };
    loads.push(load);
    return load;
  };
  const written = flags.table === undefined ? undefined : parseTable(flags.table, project, schema);
  if (written !== undefined) add(written.table);
  const transitions = (flags.transition ?? []).map((value) => {
    const { machine, event } = parseTransition(value, project);
    return { load: add(findTable(machine.table.name, schema)).name, machine: machine.name, event };
  });

  const twice = loads.find((load, index) => loads.some((other, at) => at < index && other.name === load.name));
  if (twice !== undefined)
    throw new ToolError("usage", `Two loads are called ${twice.name}.`, { help: "Give one another name with --load <name>:<table>." });
  for (const load of loads)
    if (load.table.primaryKey.length === 0) throw new ToolError("usage", `${load.table.name} has no primary key to load a row by.`);
  const changes = [written, ...transitions, ...(flags.event ?? []), ...(flags.job ?? [])].some((change) => change !== undefined);
  const locked = loads.find(({ lock }) => lock !== "none");
  if (locked !== undefined && !changes)
    throw new ToolError("usage", `Nothing is changed, so there is no use in locking ${locked.name}.`, {
      help: `Say what is changed, for example with --table ${locked.table.name}; or load it with --load ${locked.name}:${locked.table.name}:none.`,
    });
  // A transition writes by itself; further columns only where they are named.
  const writes =
    written === undefined || (transitions.length > 0 && written.columns === undefined)
      ? []
      : [{ table: written.table.name, columns: written.columns }];
  return { name: pascalCase(name), loads, transitions, events: flags.event ?? [], jobs: flags.job ?? [], writes };
}

/** What a row of the table is called; `event` and other words of expressions are taken. */
export function loadName({ name }: Table): string {
  const singular = camelCase(singularOf(name) ?? name);
  return [scopeNames, javascriptWords, celNames].some((names) => names.has(singular)) ? `${singular}Row` : singular;
}

/** @throws ToolError where the schema cannot be read. */
export function schemaOf({ schema }: Project): DatabaseSchema {
  if (schema === undefined) throw new ToolError("usage", "The Drizzle schema cannot be read.", { help: "`usecase lint` shows why." });
  return schema;
}

/** What is wrong with a name, as a sentence; undefined where it is PascalCase. */
export function nameFault(name: string): string | undefined {
  if (/^[A-Z][A-Za-z0-9]*$/.test(name)) return undefined;
  const proposal = pascalCase(name).replace(/[^A-Za-z0-9]/g, "");
  return proposal === "" ? "It is PascalCase, such as ShipOrder." : `Did you mean ${proposal}?`;
}

function requirePascalCase(name: string, what: string): void {
  const fault = nameFault(name);
  if (fault !== undefined) throw new ToolError("usage", `${what} is PascalCase, but "${name}" is not.`, { help: fault });
}

/** `orders`, or `orders:shippedAt,total` */
function parseTable(value: string, project: Project, schema: DatabaseSchema): { table: Table; columns: readonly string[] | undefined } {
  const [name = "", list, ...rest] = value.split(":");
  if (name === "" || list === "" || rest.length > 0)
    throw new ToolError("usage", `--table ${value} is not of the form table[:column,…].`, {
      help: "For example --table orders:shippedAt,total.",
    });
  const table = findTable(name, schema);
  const known = changeableColumns(table, project);
  const columns = list?.split(",");
  for (const column of columns ?? []) {
    if (known.includes(column)) continue;
    if (table.columns.some((each) => each.name === column))
      throw new ToolError("usage", `A handler cannot change ${name}.${column}.`, { help: `It can change ${known.join(", ")}.` });
    throw unknown(`column of ${name}`, column, known);
  }
  if (columns === undefined && known.length === 0)
    throw new ToolError("usage", `${name} has no column that a handler can change.`, { help: "Load its row with --load." });
  return { table, columns };
}

function parseLoad(value: string, schema: DatabaseSchema): ScaffoldLoad {
  const [name = "", table = "", lock = "no key update", ...rest] = value.split(":");
  if (!/^[a-z][A-Za-z0-9]*$/.test(name) || table === "" || rest.length > 0)
    throw new ToolError("usage", `--load ${value} is not of the form name:table[:lock].`, {
      help: "For example --load order:orders:no-key-update.",
    });
  const found = locks.find((known) => known === lock.replaceAll("-", " "));
  if (found === undefined)
    throw new ToolError("usage", `There is no lock "${lock}".`, { help: `The locks are ${locks.map(kebabCase).join(", ")}.` });
  return { name, table: findTable(table, schema), lock: found };
}

function parseTransition(value: string, { machines }: Project): { machine: Machine; event: string } {
  const [name = "", event = "", ...rest] = value.split(":");
  if (name === "" || event === "" || rest.length > 0)
    throw new ToolError("usage", `--transition ${value} is not of the form machine:event.`, {
      help: "For example --transition Order:ship.",
    });
  const machine = machines.find((known) => known.name === name);
  if (machine === undefined)
    throw unknown(
      "machine",
      name,
      machines.map((known) => known.name),
    );
  const events = eventsOf(machine);
  if (!events.includes(event)) throw unknown(`event of machine ${name}`, event, events);
  return { machine, event };
}

/** Every event that some state of the machine takes. */
export function eventsOf({ states }: Machine): readonly string[] {
  return [...new Set(states.flatMap(({ on }) => on.map(({ event }) => event)))];
}

function findTable(name: string, { tables }: DatabaseSchema): Table {
  const table = tables.find((known) => known.name === name && known.kind === "table");
  if (table !== undefined) return table;
  throw unknown(
    "table",
    name,
    tables.filter(({ kind }) => kind === "table").map((known) => known.name),
  );
}

function unknown(what: string, name: string, known: readonly string[]): ToolError {
  const [best] = nearest(name, known);
  return new ToolError("usage", `There is no ${what} "${name}".`, {
    help: best === undefined ? (known.length === 0 ? "There is none." : `There are ${known.join(", ")}.`) : `Did you mean ${best}?`,
  });
}
