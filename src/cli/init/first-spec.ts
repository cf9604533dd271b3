import { join } from "node:path";
import { lintLoaded } from "../../lint/lint-project.js";
import { type LoadedProject, loadProject } from "../../spec/load-project.js";
import { kebabCase, pascalCase } from "../../spec/names.js";
import { ToolError } from "../../spec/tool-error.js";
import type { Io } from "../io.js";
import { changeableColumns } from "../scaffold/changeable-columns.js";
import { loadName, scaffoldRequest } from "../scaffold/scaffold-request.js";
import { scaffoldSpec } from "../scaffold/scaffold-spec.js";
import { schemaLocation } from "../schema-location.js";

export interface FirstSpec {
  /** Relative to the project, with `/`. */
  readonly file: string;
  readonly useCase: string;
  readonly text: string;
}

/**
 * A spec to start from, about a table of the schema; undefined where the project has specs already, or no table fits.
 * @throws ToolError when the schema cannot be read
 */
export async function firstSpec(io: Io, root: string, config: string, ask: boolean): Promise<FirstSpec | undefined> {
  const overrides = new Map([["usecase.config.yaml", config]]);
  const load = (more: readonly (readonly [string, string])[] = []) =>
    loadProject({ cwd: root, config: "usecase.config.yaml", overrides: new Map([...overrides, ...more]) });
  const { project, problems } = await load();
  if (project.schema === undefined) {
    const failure = problems.find(({ ruleId }) => ruleId === "spec/drizzle-schema");
    throw new ToolError("usage", `The Drizzle schema cannot be read: ${failure?.message ?? ""}`, {
      help: "Say where it is with --schema.",
    });
  }
  if (project.useCases.length > 0) return undefined;
  const tables = project.schema.tables.filter(
    (table) => table.kind === "table" && table.primaryKey.length > 0 && changeableColumns(table, project).length > 0,
  );
  const chosen =
    ask && tables.length > 1
      ? await askTable(
          io,
          tables.map(({ name }) => name),
        )
      : tables[0]?.name;
  const table = tables.find(({ name }) => name === chosen);
  if (table === undefined) return undefined;
  const useCase = `Change${pascalCase(loadName(table))}`;
  const { specs } = project.config;
  const file = `${specs}/${kebabCase(useCase)}.usecase.yaml`;
  const schemaUrl = schemaLocation(root, join(root, specs), "usecase");
  const text = scaffoldSpec(scaffoldRequest(useCase, { table: table.name }, project), project.config, schemaUrl);
  await requireSound(await load([[file, text]]), root);
  return { file, useCase, text };
}

function askTable(io: Io, tables: readonly string[]): Promise<string> {
  return io.prompts.select({
    message: "Which table is the first use case to change?",
    options: tables.map((value) => ({ value })),
  });
}

async function requireSound(loaded: LoadedProject, root: string): Promise<void> {
  const { findings, summary } = await lintLoaded(loaded, { cwd: root });
  const first = findings.find(({ severity }) => severity === "error");
  if (summary.errors > 0) throw new ToolError("internal", `The first spec does not lint: ${first?.message} (${first?.ruleId})`);
}
