// What Drizzle cannot describe of our tables: the function behind the write statement's server-side checks, and the
// triggers that keep the audit append-only. Migrations end with these statements; each may run again unchanged.

const qualified = (schema: string | undefined, name: string) => (schema === undefined ? `"${name}"` : `"${schema}"."${name}"`);

/** SQLSTATEs that our own functions raise. */
export const guardStates = {
  /** A server-side check of the write statement failed: the message says which. */
  assertion: "UC001",
  /** Somebody tried to change the audit, or its seals. */
  appendOnly: "UC003",
} as const;

/** The statements, in order; the schema's name must be an identifier (it is checked where configurations are read). */
export function guardStatements(schema?: string): readonly string[] {
  const appendOnly = ["usecase_audit", "usecase_audit_seal"];
  const refuse = qualified(schema, "usecase_refuse_change");
  const assertion = qualified(schema, "usecase_assert");
  return [
    `create or replace function ${assertion}(ok boolean, what text) returns integer language plpgsql as $$
begin
  if ok is not true then raise exception 'usecase: %', what using errcode = '${guardStates.assertion}'; end if;
  return 1;
end $$`,
    `create or replace function ${refuse}() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '${guardStates.appendOnly}';
end $$`,
    ...appendOnly.flatMap((name) => {
      const table = qualified(schema, name);
      return [
        `create or replace trigger ${name}_no_change before update or delete on ${table} for each row execute function ${refuse}()`,
        `create or replace trigger ${name}_no_truncate before truncate on ${table} for each statement execute function ${refuse}()`,
        // Plain triggers are skipped under session_replication_role = replica; these are not.
        `alter table ${table} enable always trigger ${name}_no_change`,
        `alter table ${table} enable always trigger ${name}_no_truncate`,
      ];
    }),
  ];
}
