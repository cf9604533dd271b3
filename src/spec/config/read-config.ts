import { dirname, join, posix, relative, resolve } from "node:path";
import { buildFields } from "../build/build-type.js";
import { type Cursor, child, cursor, entries, expression, items, number, text } from "../build/cursor.js";
import { durationMs } from "../build/duration.js";
import type { Problem } from "../finding.js";
import type { Config, Severity } from "../model.js";
import { structureProblem, textProblem } from "../problems.js";
import { createSourceMap } from "../source-map.js";
import { checkStructure } from "../structure/check-structure.js";
import { ToolError } from "../tool-error.js";
import type { YamlDocument } from "../yaml/yaml-document.js";
import { hasPlaces, readConfigDocument } from "./config-document.js";
import { drizzleCasing } from "./drizzle-casing.js";
import { findConfig } from "./find-config.js";
import { importSuffix } from "./import-suffix.js";

export interface ReadConfig {
  /** The configuration's folder, absolute. */
  readonly root: string;
  readonly config: Config;
  readonly document: YamlDocument;
}

/**
 * Finds and reads the configuration and fills in the defaults.
 * @throws ToolError when there is none, or something is wrong with it: the message says where.
 */
export async function readConfig(cwd: string, given?: string, overrides?: ReadonlyMap<string, string>): Promise<ReadConfig> {
  // One that is only about to be written.
  const unsaved = given !== undefined && overrides?.has(given) === true;
  const file = unsaved ? resolve(cwd, given) : findConfig(cwd, given);
  const root = dirname(file);
  const document = await readConfigDocument(file, overrides?.get(relative(root, file)));
  refuseMistakes(document, relative(cwd, file) || file);
  return { root, config: buildConfig(cursor(document, true), root), document };
}

function refuseMistakes(document: YamlDocument, shown: string): void {
  const structure = document.value === undefined ? [] : checkStructure("config", document.value);
  const problems = [
    ...document.faults.map((fault) => textProblem(document.file, fault)),
    ...(document.faults.length > 0 ? [] : structure.map((fault) => structureProblem(document.file, fault))),
  ];
  if (problems.length === 0) return;
  const sources = createSourceMap([document]);
  const placed = problems.map((problem) => ({ problem, ...sources.locate(problem.place) }));
  placed.sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = placed.map(({ problem, line, column }) => {
    const where = hasPlaces(document.file) ? `:${line}:${column}` : pathText(problem);
    const suggestions = problem.suggestions ?? [];
    const remedy =
      suggestions.length > 0 ? ` Did you mean ${suggestions.join(" or ")}?` : problem.help === undefined ? "" : ` ${problem.help}`;
    return `${shown}${where} ${problem.message}${remedy}`;
  });
  const schemaMissing = problems.some(({ message }) => message.includes('needs the key "schema"'));
  throw new ToolError("config/invalid", lines.join("\n"), {
    ...(schemaMissing ? { help: "Say where your Drizzle schema is, for example `schema: src/db/schema.ts`." } : {}),
  });
}

function pathText({ place }: Problem): string {
  return place.path.length === 0 ? ":" : ` at ${place.path.join(".")}:`;
}

function buildConfig(at: Cursor, root: string): Config {
  const pathAt = (key: string): string | undefined => {
    const value = text(at, key);
    return value === undefined ? undefined : normalised(value);
  };
  const schema = child(at, "schema");
  const out = pathAt("out") ?? "src/usecases";
  const tenant = child(at, "tenant");
  const version = child(at, "version");
  const transaction = child(at, "transaction");
  const actor = child(at, "actor");
  const lint = child(at, "lint");
  const tables = child(at, "tables");
  const tenantValue = tenant === undefined ? undefined : child(tenant, "value");
  return {
    file: at.document.file,
    specs: pathAt("specs") ?? "specs",
    schema: (Array.isArray(schema?.value) ? items(schema).map(({ value }) => String(value)) : [String(schema?.value)]).map(normalised),
    out,
    migrations: pathAt("migrations") ?? "drizzle",
    casing: (text(at, "casing") as Config["casing"]) ?? drizzleCasing(root),
    lockOrder: items(child(at, "lockOrder")).map(({ value }) => String(value)),
    tenant:
      tenant === undefined || tenantValue === undefined
        ? undefined
        : { column: text(tenant, "column") ?? "", value: expression(tenantValue).source },
    version: version === undefined ? undefined : { column: text(version, "column") ?? "" },
    session: Object.fromEntries(entries(child(at, "session")).map((setting) => [setting.key, expression(setting).source])),
    secretColumns: Object.fromEntries(
      entries(child(at, "secretColumns")).map((columns) => [columns.key, items(columns).map(({ value }) => String(value))]),
    ),
    claims: buildFields(actor === undefined ? undefined : child(actor, "claims")),
    transaction: {
      lockTimeoutMs: durationMs(text(transaction, "lockTimeout")) ?? 2_000,
      statementTimeoutMs: durationMs(text(transaction, "statementTimeout")) ?? 5_000,
      retries: number(transaction, "retries") ?? 3,
    },
    services: pathAt("services"),
    rows: Object.fromEntries(entries(child(at, "rows")).map((row) => [row.key, String(row.value)])),
    imports: (text(at, "imports") as Config["imports"] | undefined) ?? importSuffix(join(root, out)),
    templates: pathAt("templates"),
    format: commandAt(child(at, "format")),
    tables: {
      schema: text(tables, "schema"),
      migrations: text(tables, "migrations") === "none" ? "none" : "drizzle",
    },
    rules: Object.fromEntries(
      entries(lint === undefined ? undefined : child(lint, "rules")).map((severity) => [severity.key, severity.value as Severity | "off"]),
    ),
  };
}

/** A list as it is; a text, word by word. */
function commandAt(at: Cursor | undefined): readonly string[] | undefined {
  if (at === undefined) return undefined;
  return Array.isArray(at.value) ? items(at).map(({ value }) => String(value)) : String(at.value).trim().split(/ +/);
}

/** With `/`, and without `./` and doubled or closing slashes. */
function normalised(path: string): string {
  return posix.normalize(path.replaceAll("\\", "/")).replace(/(.)\/$/, "$1");
}
