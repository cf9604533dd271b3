import type { Project, Table } from "../../spec/model.js";
import { kebabCase } from "../../spec/names.js";
import { ToolError } from "../../spec/tool-error.js";
import type { Io } from "../io.js";
import type { Choice, Prompts } from "../prompts.js";
import { changeableColumns } from "./changeable-columns.js";
import { eventsOf, loadName, locks, nameFault, type ScaffoldCommandFlags, type ScaffoldFlags, schemaOf } from "./scaffold-request.js";

/** A value that no table, event or column has. */
const none = "";

export interface ScaffoldAnswers {
  readonly name: string;
  readonly flags: ScaffoldFlags;
  /** Something was asked, so that a last word before writing is due. */
  readonly asked: boolean;
}

/**
 * What the flags leave open, where there is somebody to ask.
 * @throws ToolError (exit code 2) that names the flag, where nobody can be asked
 */
export async function askScaffold(
  io: Io,
  name: string | undefined,
  flags: ScaffoldCommandFlags,
  project: Project,
): Promise<ScaffoldAnswers> {
  const told = [flags.table, flags.load, flags.transition, flags.event, flags.job, flags.from].some((flag) => flag !== undefined);
  if (name !== undefined && told) return { name, flags, asked: false };
  const tables = schemaOf(project).tables.filter(({ kind, primaryKey }) => kind === "table" && primaryKey.length > 0);
  if (!io.stdin.isTTY || !io.stderr.isTTY || flags.yes === true) throw unanswered(name, tables);

  const { prompts } = io;
  const given =
    name ?? (await prompts.text({ message: "What is the use case called, verb first?", placeholder: "ShipOrder", validate: nameFault }));
  return { name: given, flags: told ? flags : { ...flags, ...(await askParts(prompts, tables, project)) }, asked: true };
}

function unanswered(name: string | undefined, tables: readonly Table[]): ToolError {
  if (name === undefined)
    return new ToolError("usage", "What is the use case called?", { help: "Say so first: usecase scaffold ShipOrder." });
  const names = tables.slice(0, 8).map((table) => table.name);
  return new ToolError("usage", "Which table is it about?", {
    help: `Say so with --table (${names.join(", ")}${tables.length > 8 ? ", …" : ""}), or what it does with --load, --transition, --event or --job.`,
  });
}

async function askParts(prompts: Prompts, tables: readonly Table[], project: Project): Promise<ScaffoldFlags> {
  const about = await prompts.select({
    message: "Which table's row is it about?",
    options: [...tables.map(tableChoice), { value: none, label: "none" }],
  });
  const table = tables.find(({ name }) => name === about);
  const transition = table === undefined ? undefined : await askTransition(prompts, table, project);
  const columns = table === undefined ? [] : await askColumns(prompts, table, project, transition !== undefined);
  const load = await askLoads(prompts, tables, table);
  const event = await prompts.text({
    message: "Which event does it send? (Enter for none)",
    placeholder: "OrderShipped",
    validate: optionalName,
  });
  const job = await prompts.text({
    message: "Which job does it start? (Enter for none)",
    placeholder: "SendReceipt",
    validate: optionalName,
  });
  const reads = table === undefined || (columns.length === 0 && transition === undefined);
  const own = table === undefined ? [] : [`${loadName(table)}:${table.name}${reads ? ":none" : ""}`];
  return {
    ...(table !== undefined && columns.length > 0 && { table: [table.name, columns.join(",")].join(":") }),
    // The row that it is about comes first: it is the audit's subject.
    ...((load.length > 0 || reads) && { load: [...own, ...load] }),
    ...(transition !== undefined && { transition: [transition] }),
    ...(event !== "" && { event: [event] }),
    ...(job !== "" && { job: [job] }),
  };
}

async function askTransition(prompts: Prompts, table: Table, { machines }: Project): Promise<string | undefined> {
  const machine = machines.find((candidate) => candidate.table.name === table.name);
  if (machine === undefined) return undefined;
  const options = eventsOf(machine).map((event): Choice => {
    const moves = machine.states.flatMap(({ name, on }) =>
      on.filter((move) => move.event === event).map(({ target }) => `${name} → ${target}`),
    );
    return { value: event, hint: moves.join(", ") };
  });
  const event = await prompts.select({
    message: `Which event of the machine ${machine.name} does it take?`,
    options: [...options, { value: none, label: "none" }],
  });
  return event === none ? undefined : `${machine.name}:${event}`;
}

async function askColumns(prompts: Prompts, table: Table, project: Project, moves: boolean): Promise<readonly string[]> {
  const columns = changeableColumns(table, project);
  if (columns.length === 0) return [];
  return prompts.multiselect({
    message: `Which columns of ${table.name} may it ${moves ? "also " : ""}change?`,
    options: columns.map((column) => ({ value: column, hint: table.columns.find(({ name }) => name === column)?.sqlType ?? "" })),
  });
}

async function askLoads(prompts: Prompts, tables: readonly Table[], about: Table | undefined): Promise<readonly string[]> {
  const others = tables.filter((table) => table !== about);
  if (others.length === 0) return [];
  const chosen = await prompts.multiselect({ message: "Which other tables does it need a row of?", options: others.map(tableChoice) });
  const loads: string[] = [];
  for (const name of chosen) {
    const table = others.find((each) => each.name === name);
    if (table === undefined) continue;
    const lock = await prompts.select({
      message: `Is the row of ${name} locked?`,
      options: locks.map(
        (each): Choice => ({ value: kebabCase(each), label: each, ...(lockHints[each] !== undefined && { hint: lockHints[each] }) }),
      ),
    });
    loads.push(`${loadName(table)}:${name}:${lock}`);
  }
  return loads;
}

const lockHints: Readonly<Record<string, string>> = {
  none: "only read",
  share: "must not change meanwhile",
  "no key update": "is changed, or decided upon",
  update: "is deleted, or its key is changed",
};

const optionalName = (value: string) => (value === "" ? undefined : nameFault(value));
const tableChoice = ({ name, columns }: Table): Choice => ({
  value: name,
  hint: `${columns
    .slice(0, 5)
    .map((column) => column.name)
    .join(", ")}${columns.length > 5 ? ", …" : ""}`,
});
