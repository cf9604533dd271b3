import type { Field, Project, SpecPath, Type, UseCase } from "../../spec/model.js";
import { oncePer } from "../../spec/once-per.js";
import { resolveType } from "../../spec/resolve-type.js";
import type { ProjectContext } from "../context.js";
import type { Gathered, OnReport, Rule } from "../rule.js";
import { isSensitiveName } from "../sensitive-names.js";
import { typesThatHold } from "../types-that-hold.js";

export const auditSensitive: Rule<readonly WrittenTable[]> = {
  id: "audit/sensitive",
  severity: "warning",
  subject: "project",
  summary: "a field or a written column that is called like a secret and is not one",
  why: "The audit keeps the command and what has changed, for years and for many eyes. What is `secret`, or among `secretColumns`, never gets there.",
  bad: {
    spec: `
command:
  orderId: uuid
  accessToken: { type: string, maxLength: 64 }  # found here
`,
  },
  good: {
    spec: `
command:
  orderId: uuid
  accessToken: { type: string, maxLength: 64, secret: true }
`,
  },
  checkUseCase({ useCase, project }, report) {
    for (const { fields, what } of shownFields(useCase))
      for (const field of sensitiveFields(project, fields)) {
        // A shared type's fields are told once, however it is used.
        const why = field.file === undefined || field.file === useCase.file ? what : "the audit, the logs or stored outcomes will show it";
        report({
          at: { path: field.path, file: field.file ?? useCase.file },
          on: "key",
          message: `${field.name} is called like a secret, but ${why}.`,
          help: "Add `secret: true`, or give it the name of what it is.",
        });
      }
  },
  gather: {
    id: "written tables",
    of({ useCase: { writes, file: own } }) {
      return writes.length === 0 ? undefined : writes.map(({ table, path, file = own }) => ({ table: table.name, at: { path, file } }));
    },
  },
  check: (context, report, written) => checkColumns(context, written, report),
};

interface WrittenTable {
  readonly table: string;
  readonly at: { readonly path: SpecPath; readonly file: string };
}

function shownFields({ command, result }: UseCase): readonly { readonly fields: readonly Field[]; readonly what: string }[] {
  return [
    { fields: command, what: "the audit and the logs will show it" },
    { fields: result, what: "it is stored with the outcome, for replays" },
  ];
}

function sensitiveFields(project: Project, fields: readonly Field[], seen: Set<string> = new Set()): readonly Field[] {
  const suspects = fields.filter(({ name, type }) => isSensitiveName(name) || mayHoldSensitive(project, type));
  return suspects.flatMap((field): readonly Field[] => {
    const type = resolveType(project, field.type);
    if (type === undefined || type.secret) return [];
    const inner = type.kind === "array" ? resolveType(project, type.items) : type;
    if (inner === undefined || inner.secret) return [];
    if (inner.kind === "scalar") return mayHoldSecret.has(inner.name) && isSensitiveName(field.name) ? [field] : [];
    if (inner.kind !== "object" || !mayHoldSensitive(project, field.type)) return [];
    const name = inner.file === undefined ? undefined : [inner.file, ...inner.path].join(".");
    if (name !== undefined && seen.has(name)) return [];
    if (name !== undefined) seen.add(name);
    return sensitiveFields(project, inner.fields, seen);
  });
}

/** Whether a field called like a secret is inside at all: most shared types have none, and need no walk. */
function mayHoldSensitive({ types }: Project, type: Type): boolean {
  const named = type.kind === "array" ? type.items : type;
  if (named.kind !== "reference") return named.kind === "object";
  return sensitiveTypes(types).has(named.name);
}

const sensitiveTypes = oncePer((types: Project["types"]) =>
  typesThatHold(types, (each) => each.kind === "object" && each.fields.some(({ name }) => isSensitiveName(name))),
);

const mayHoldSecret: ReadonlySet<string> = new Set(["string", "integer", "number", "uuid", "bigint", "json", "uri"]);

/** Once for each column, where the first use case writes its table. */
function checkColumns(
  { project, findTable }: ProjectContext,
  written: readonly Gathered<readonly WrittenTable[]>[],
  report: OnReport,
): void {
  const told = new Set<string>();
  for (const { fact } of written)
    for (const { table: name, at } of fact) {
      const table = findTable(name);
      if (table === undefined || told.has(table.name)) continue;
      told.add(table.name);
      const secret = Object.hasOwn(project.config.secretColumns, table.name) ? (project.config.secretColumns[table.name] ?? []) : [];
      const open = table.columns.filter(
        ({ name, dataType }) => isSensitiveName(name) && !secret.includes(name) && dataType !== "boolean" && dataType !== "date",
      );
      if (open.length === 0) continue;
      const names = open.map(({ name }) => name).join(" and ");
      report({
        at,
        on: "key",
        message: `${table.name}.${names} ${open.length === 1 ? "is" : "are"} called like a secret, and the audit shows what changes there.`,
        help: `Add to the configuration \`secretColumns: { ${table.name}: [${open.map(({ name }) => name).join(", ")}] }\`.`,
      });
    }
}
