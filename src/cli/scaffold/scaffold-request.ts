import type { DatabaseSchema, Lock, Machine, Project, Table } from "../../spec/model.js";
import { camelCase, kebabCase, pascalCase, singularOf } from "../../spec/names.js";
import { nearest } from "../../spec/suggest.js";
import { ToolError } from "../../spec/tool-error.js";
import type { CommonOptions } from "../command.js";

/** What the flags of `usecase scaffold` say, as written. */
export interface ScaffoldFlags {
  readonly table?: string;
  readonly load?: readonly string[];
  readonly transition?: readonly string[];
  readonly event?: readonly string[];
  readonly job?: readonly string[];
}

export interface ScaffoldCommandFlags extends CommonOptions, ScaffoldFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** The same with every name found in the project. */
export interface ScaffoldRequest {
  readonly name: string;
  readonly loads: readonly ScaffoldLoad[];
  readonly transitions: readonly { readonly load: string; readonly machine: string; readonly event: string }[];
  readonly events: readonly string[];
  readonly jobs: readonly string[];
  /** The tables whose rows the handler may update. */
  readonly writes: readonly string[];
}

export interface ScaffoldLoad {
  readonly name: string;
  readonly table: Table;
  readonly lock: Lock;
}

const locks: readonly Lock[] = ["none", "share", "no key update", "update"];

/**
 * Checks the flags against the project.
 * @throws ToolError (exit code 2) for a name that is not there or has the wrong form, with the nearest one.
 */
export function scaffoldRequest(name: string, flags: ScaffoldFlags, project: Project): ScaffoldRequest {
  requirePascalCase(name, "The use case's name");
  for (const message of [...(flags.event ?? []), ...(flags.job ?? [])]) requirePascalCase(message, "An event's or job's name");
  const { schema } = project;
  if (schema === undefined) throw new ToolError("usage", "The Drizzle schema cannot be read.", { help: "`usecase lint` shows why." });

  const loads: ScaffoldLoad[] = (flags.load ?? []).map((value) => parseLoad(value, schema));
  const add = (table: Table): ScaffoldLoad => {
    const known = loads.find((load) => load.table.name === table.name);
    if (known !== undefined) return known;
    const load: ScaffoldLoad = { name: camelCase(singularOf(table.name) ?? table.name), table, lock: "no key update" };
    loads.push(load);
    return load;
  };
  const table = flags.table === undefined ? undefined : findTable(flags.table, schema);
  if (table !== undefined) add(table);
  const transitions = (flags.transition ?? []).map((value) => {
    const { machine, event } = parseTransition(value, project);
    return { load: add(findTable(machine.table.name, schema)).name, machine: machine.name, event };
  });
  const twice = loads.find((load, index) => loads.some((other, at) => at < index && other.name === load.name));
  if (twice !== undefined)
    throw new ToolError("usage", `Two loads are called ${twice.name}.`, { help: "Give one another name with --load <name>:<table>." });
  for (const load of loads)
    if (load.table.primaryKey.length === 0) throw new ToolError("usage", `${load.table.name} has no primary key to load a row by.`);
  return {
    name: pascalCase(name),
    loads,
    transitions,
    events: flags.event ?? [],
    jobs: flags.job ?? [],
    writes: table === undefined || transitions.length > 0 ? [] : [table.name],
  };
}

function requirePascalCase(name: string, what: string): void {
  if (/^[A-Z][A-Za-z0-9]*$/.test(name)) return;
  const proposal = pascalCase(name).replace(/[^A-Za-z0-9]/g, "");
  throw new ToolError(
    "usage",
    `${what} is PascalCase, but "${name}" is not.`,
    proposal === "" ? {} : { help: `Did you mean ${proposal}?` },
  );
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
  const events = [...new Set(machine.states.flatMap(({ on }) => on.map((transition) => transition.event)))];
  if (!events.includes(event)) throw unknown(`event of machine ${name}`, event, events);
  return { machine, event };
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
    help: best === undefined ? `There are ${known.join(", ")}.` : `Did you mean ${best}?`,
  });
}
