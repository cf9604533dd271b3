// Our tables come to the user's database through the user's own drizzle-kit migrations. Ours is one entry of their
// journal; its snapshot has the tables of the snapshot before it, because to drizzle-kit the tables of a snapshot that
// the user's schema does not have are tables to drop. What our tables were when we wrote it is in `meta/_usecasecore.json`,
// a file that drizzle-kit passes over for its first character.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { guardStatements } from "../runtime/guards.js";
import type { Config } from "../spec/model.js";
import { ToolError } from "../spec/tool-error.js";
import { drizzleKit, type Snapshot } from "./drizzle-kit.js";
import { hashOf } from "./files/manifest.js";
import type { Change } from "./files/write.js";
import { ownTables } from "./own-tables.js";
import { dropGuardFunctions, moveStatements, relocated } from "./relocate-tables.js";

/** A migration that is to be written, as files relative to the project's root. */
export interface MigrationPlan {
  /** `0001_usecasecore` */
  readonly tag: string;
  readonly files: readonly (Change & { readonly path: string })[];
}

interface Journal {
  readonly version: string;
  readonly dialect: string;
  readonly entries: readonly {
    readonly idx: number;
    readonly version: string;
    readonly when: number;
    readonly tag: string;
    readonly breakpoints: boolean;
  }[];
}

interface State {
  readonly tag: string;
  /** SHA-256 of our tables and of our guards. */
  readonly tables: string;
  readonly guards: string;
  readonly snapshot: Snapshot;
  /** The Postgres schema that they are in; undefined: where the search path leads. */
  readonly schema?: string;
}

const suffix = "usecasecore";
const stateFile = "meta/_usecasecore.json";
const journalFile = "meta/_journal.json";
const breakpoint = "\n--> statement-breakpoint\n";

/**
 * The migration that brings our tables to what this version needs, or undefined when the folder already has it.
 * The same folder gives the same migration, byte for byte.
 * @param config `migrations`: the drizzle-kit migrations folder, relative to `root`; `tables`: where our tables are
 * @throws ToolError when the folder is not one that drizzle-kit wrote, or has our migration without our state.
 */
export async function planMigration(
  root: string,
  { migrations: folder, tables }: Pick<Config, "migrations" | "tables">,
): Promise<MigrationPlan | undefined> {
  if (tables.migrations === "none") return undefined;
  const { schema } = tables;
  const journal = await readJson<Journal>(root, folder, journalFile);
  if (journal !== undefined && journal.dialect !== "postgresql") {
    throw new ToolError("config/invalid", `${folder}/${journalFile} is for ${journal.dialect}; only postgresql is supported.`);
  }
  const entries = journal?.entries ?? [];
  const applied = await appliedState(root, folder, entries);
  const guards = guardStatements(schema);
  const guardsHash = hashOf(guards.join("\n"));
  const own = await ownTables(schema);
  const tablesHash = hashOf(own.description);
  if (applied?.guards === guardsHash && applied.tables === tablesHash) return undefined;

  const snapshot: Snapshot = { ...own.snapshot, id: uuidOf(tablesHash) };
  const changed = applied === undefined ? own.statements : await changing(relocated(applied.snapshot, schema), snapshot);
  const moved = applied !== undefined && applied.schema !== schema;
  const statements = [
    ...(schema !== undefined && applied?.schema !== schema ? [`create schema if not exists "${schema}";`] : []),
    ...(moved ? moveStatements(applied, schema) : []),
    ...changed,
    ...(applied?.guards === guardsHash ? [] : guards.map((statement) => `${statement};`)),
    ...(moved ? dropGuardFunctions(applied.schema) : []),
  ];
  if (statements.length === 0) return undefined;

  const last = entries.at(-1);
  const prefix = nextPrefix(last?.tag);
  const tag = `${prefix}_${suffix}`;
  const previous = (await lastSnapshot(root, folder)) ?? own.empty;
  const next: Snapshot = { ...previous, id: uuidOf(`${tag} ${snapshot.id} ${previous.id}`), prevId: previous.id };
  const entry = { idx: (last?.idx ?? -1) + 1, version: "7", when: (last?.when ?? 0) + 1, tag, breakpoints: true };
  const state: State = { tag, tables: tablesHash, guards: guardsHash, snapshot, ...(schema !== undefined && { schema }) };

  const file = async (path: string, after: string) => {
    const target = join(root, folder, path);
    return { path: `${folder}/${path}`, target, before: await readText(target), after };
  };
  return {
    tag,
    files: await Promise.all([
      file(`${tag}.sql`, `${header(applied !== undefined)}${statements.map((statement) => statement.trim()).join(breakpoint)}\n`),
      file(`meta/${prefix}_snapshot.json`, json(next)),
      file(journalFile, json({ version: "7", dialect: "postgresql", ...journal, entries: [...entries, entry] })),
      file(stateFile, json(state)),
    ]),
  };
}

/** An older snapshot may lack what the project's drizzle-kit looks for, and so may ours. */
async function changing(before: Snapshot, after: Snapshot): Promise<readonly string[]> {
  const { generateDrizzleJson, generateMigration } = await drizzleKit();
  const empty = generateDrizzleJson({});
  return generateMigration({ ...empty, ...before }, { ...empty, ...after });
}

function header(upgrade: boolean): string {
  return upgrade
    ? "-- usecasecore: what its tables need since the last migration of this name.\n"
    : "-- usecasecore: its tables (idempotency keys, audit, outbox, relay slots) and the triggers that keep the audit append-only.\n";
}

/** What the latest of our migrations left, as long as it is in the journal. */
async function appliedState(root: string, folder: string, entries: Journal["entries"]): Promise<State | undefined> {
  const state = await readJson<State>(root, folder, stateFile);
  const ours = entries.filter(({ tag }) => tag.endsWith(`_${suffix}`)).at(-1);
  if (ours === undefined) return undefined;
  if (state?.tag === ours.tag) return state;
  throw new ToolError("files/not-ours", `${folder}/${ours.tag}.sql is there, but ${folder}/${stateFile} does not belong to it.`, {
    help: `Restore ${stateFile} from version control.`,
  });
}

/** drizzle-kit numbers its migrations by index, or by date or second: what follows is one more, with as many digits. */
function nextPrefix(tag: string | undefined): string {
  if (tag === undefined) return "0000";
  const digits = /^\d+(?=_)/.exec(tag)?.[0];
  if (digits === undefined) {
    throw new ToolError("config/invalid", `The migration ${tag} has no number, so what follows it cannot be named.`, {
      help: "Use the drizzle-kit option `migrations.prefix` with index, timestamp, supabase or unix.",
    });
  }
  return String(BigInt(digits) + 1n).padStart(digits.length, "0");
}

/** As drizzle-kit finds it: the last by name. */
async function lastSnapshot(root: string, folder: string): Promise<Snapshot | undefined> {
  const names = await readdir(join(root, folder, "meta")).catch(() => []);
  const last = names
    .filter((name) => !name.startsWith("_"))
    .sort()
    .at(-1);
  return last === undefined ? undefined : readJson<Snapshot>(root, folder, `meta/${last}`);
}

async function readJson<Value>(root: string, folder: string, path: string): Promise<Value | undefined> {
  const text = await readText(join(root, folder, path));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch (error) {
    throw new ToolError("files/unreadable", `${folder}/${path} is not JSON.`, { cause: error });
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new ToolError("files/unreadable", `${path} cannot be read.`, { cause: error });
  }
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

/** A version 8 uuid made from a text. */
function uuidOf(text: string): string {
  const hex = hashOf(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
