// Our tables in another Postgres schema than before: moved with their rows, indexes, triggers and sequences.
import type { Snapshot } from "./drizzle-kit.js";

interface TableInSnapshot {
  readonly name: string;
  readonly schema: string;
  readonly columns: Readonly<Record<string, { readonly identity?: { readonly schema: string } }>>;
}

/** A snapshot of our tables as it were if they had been in this schema from the beginning. */
export function relocated(snapshot: Snapshot, schema: string | undefined): Snapshot {
  const tables = tablesOf(snapshot).map((table) => {
    const columns = Object.entries(table.columns).map(([name, column]) => [
      name,
      column.identity === undefined ? column : { ...column, identity: { ...column.identity, schema: schema ?? "public" } },
    ]);
    return [`${schema ?? "public"}.${table.name}`, { ...table, schema: schema ?? "", columns: Object.fromEntries(columns) }];
  });
  return { ...snapshot, tables: Object.fromEntries(tables) };
}

/** `schema` undefined: to where the search path leads. */
export function moveStatements(
  from: { readonly schema?: string; readonly snapshot: Snapshot },
  schema: string | undefined,
): readonly string[] {
  const names = tablesOf(from.snapshot).map(({ name }) => name);
  if (schema !== undefined) return names.map((name) => `alter table ${qualified(from.schema, name)} set schema "${schema}";`);
  const moves = names.map((name) => `  execute format('alter table ${qualified(from.schema, name)} set schema %I', current_schema());`);
  return [`do $$ begin\n${moves.join("\n")}\nend $$;`];
}

/** The functions of before, when nothing calls them any more. */
export function dropGuardFunctions(schema: string | undefined): readonly string[] {
  return ["usecase_assert(boolean, text)", "usecase_refuse_change()"].map((signature) => {
    const [name = "", parameters] = signature.split("(");
    return `drop function ${qualified(schema, name)}(${parameters};`;
  });
}

function tablesOf({ tables }: Snapshot): readonly TableInSnapshot[] {
  return Object.values(tables as Readonly<Record<string, TableInSnapshot>>);
}

const qualified = (schema: string | undefined, name: string) => (schema === undefined ? `"${name}"` : `"${schema}"."${name}"`);
