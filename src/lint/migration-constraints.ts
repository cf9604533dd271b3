import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A constraint (or a unique index) that the migrations leave in the database. Names are those of SQL. */
export interface MigrationConstraint {
  readonly name: string;
  readonly table: string;
  readonly kind: "unique" | "primary key" | "check" | "exclude" | "foreign key";
  /** Every name in its definition: its columns are among them. */
  readonly mentions: ReadonlySet<string>;
}

/**
 * What the SQL files of a migrations folder (drizzle-kit's flat one, or a folder per migration) leave when they have
 * run one after the other by name: exclusion constraints and hand-written ones are nowhere else.
 */
export function readMigrationConstraints(folder: string): readonly MigrationConstraint[] {
  return constraintsAfter(sqlFiles(folder).map((file) => readFileSync(join(folder, file), "utf8")));
}

/** The constraints that are there when these texts have run in this order. */
export function constraintsAfter(migrations: readonly string[]): readonly MigrationConstraint[] {
  const state: State = { constraints: [], table: "" };
  for (const migration of migrations) {
    const text = migration.replace(/--.*$|\/\*[\s\S]*?\*\//gm, (comment) => " ".repeat(comment.length));
    const found = steps.flatMap(({ pattern, apply }) => [...text.matchAll(pattern)].map((match) => ({ match, apply })));
    for (const { match, apply } of found.sort((a, b) => a.match.index - b.match.index)) {
      const [first = "", second = ""] = match.slice(1).map((name) => (name === undefined ? undefined : plain(name)));
      apply(state, first, second, text.slice(match.index + match[0].length));
    }
  }
  return state.constraints;
}

interface State {
  constraints: readonly MigrationConstraint[];
  /** The one that the statement at hand creates or alters. */
  table: string;
}

interface Step {
  readonly pattern: RegExp;
  /** `first` and `second`: the names that the pattern finds; `rest`: the text behind it. */
  apply(state: State, first: string, second: string, rest: string): void;
}

const name = String.raw`((?:(?:"[^"]+"|[a-z_][\w$]*)\s*\.\s*)?(?:"[^"]+"|[a-z_][\w$]*))`;
const sql = (text: string): RegExp =>
  new RegExp(String.raw`\b${text.replace(/\bNAME\b/g, () => name).replaceAll(" ", String.raw`\s+`)}`, "gi");
const exists = "(?:IF (?:NOT )?EXISTS )?";

const steps: readonly Step[] = [
  {
    pattern: sql(`(?:CREATE (?:UNLOGGED )?TABLE|ALTER TABLE) ${exists}(?:ONLY )?NAME`),
    apply(state, table) {
      state.table = table;
    },
  },
  {
    pattern: sql("CONSTRAINT NAME (UNIQUE|PRIMARY KEY|CHECK|EXCLUDE|FOREIGN KEY)"),
    apply: (state, constraint, kind, rest) =>
      add(state, { name: constraint, table: state.table, kind: kindOf(kind), mentions: namesIn(rest) }),
  },
  {
    pattern: sql(`CREATE UNIQUE INDEX (?:CONCURRENTLY )?${exists}NAME ON (?:ONLY )?NAME`),
    apply: (state, index, table, rest) => add(state, { name: index, table, kind: "unique", mentions: namesIn(rest) }),
  },
  {
    pattern: sql(`DROP CONSTRAINT ${exists}NAME`),
    apply: (state, dropped) => keep(state, (other) => other.table !== state.table || other.name !== dropped),
  },
  {
    pattern: sql(`DROP COLUMN ${exists}NAME`),
    apply: (state, column) => keep(state, (other) => other.table !== state.table || !other.mentions.has(column)),
  },
  {
    pattern: sql(`DROP INDEX (?:CONCURRENTLY )?${exists}NAME`),
    apply: (state, index) => keep(state, (other) => other.kind !== "unique" || other.name !== index),
  },
  {
    pattern: sql(`DROP TABLE ${exists}NAME`),
    apply: (state, table) => keep(state, (other) => other.table !== table),
  },
  {
    pattern: sql("RENAME CONSTRAINT NAME TO NAME"),
    apply: (state, from, to) => change(state, (other) => other.table === state.table && other.name === from, { name: to }),
  },
  {
    pattern: sql(`ALTER INDEX ${exists}NAME RENAME TO NAME`),
    apply: (state, from, to) => change(state, (other) => other.name === from, { name: to }),
  },
  {
    pattern: sql(`ALTER TABLE ${exists}(?:ONLY )?NAME RENAME TO NAME`),
    apply: (state, from, to) => change(state, (other) => other.table === from, { table: to }),
  },
];

function add(state: State, constraint: MigrationConstraint): void {
  keep(state, (other) => other.table !== constraint.table || other.name !== constraint.name);
  state.constraints = [...state.constraints, constraint];
}

function keep(state: State, isKept: (constraint: MigrationConstraint) => boolean): void {
  state.constraints = state.constraints.filter(isKept);
}

function change(state: State, isMeant: (constraint: MigrationConstraint) => boolean, to: Partial<MigrationConstraint>): void {
  state.constraints = state.constraints.map((constraint) => (isMeant(constraint) ? { ...constraint, ...to } : constraint));
}

const kindOf = (words: string) => words.replace(/\s+/g, " ") as MigrationConstraint["kind"];

/** The names up to the bracket that closes what is opened next, and in the rest of that statement or line of a table. */
function namesIn(rest: string): ReadonlySet<string> {
  let depth = 0;
  let end = 0;
  while (end < rest.length && !(depth === 0 && ",;)".includes(rest.charAt(end)))) {
    if (rest[end] === "(") depth++;
    if (rest[end] === ")") depth--;
    end++;
  }
  return new Set([...rest.slice(0, end).matchAll(/"[^"]+"|[a-z_][\w$]*/gi)].map(([found]) => plain(found)));
}

/** Without its schema and quotes; a name without quotes is lower case in the database. */
function plain(written: string): string {
  const last = /(?:"([^"]+)"|([a-z_][\w$]*(?:\s+[a-z]+)?))$/i.exec(written);
  return last?.[1] ?? last?.[2]?.toLowerCase() ?? "";
}

function sqlFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".sql"))
      .sort();
  } catch {
    // No migrations yet.
    return [];
  }
}
