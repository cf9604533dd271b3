import { findTable } from "../spec/find-table.js";
import type { DatabaseSchema, Project, Table, UseCase } from "../spec/model.js";
import { pascalCase, rowTypeName } from "../spec/names.js";
import { oncePerName } from "../spec/once-per.js";
import { ToolError } from "../spec/tool-error.js";
import type { EmittedFile } from "./files/emitted-file.js";
import { type Paths, pathsOf } from "./paths.js";
import type { UseCaseFacts } from "./use-case-facts.js";

/** What every emitter works on. */
export interface EmitContext {
  readonly project: Project;
  readonly schema: DatabaseSchema;
  readonly paths: Paths;
  /** A table by its export name. Lint has made sure that it is there. */
  table(name: string): Table;
  /** The name of a table's row type: `InventoryBalance`. */
  rowName(table: string): string;
}

/** A file as names for a template to place; every decision about the file is made here. */
export interface View {
  readonly path: string;
  readonly kind: EmittedFile["kind"];
  readonly with?: string;
  readonly template: string;
  readonly view: object;
}

/** Makes one kind of file, from each use case, from all of them, or both. */
export interface Emitter {
  readonly name: string;
  /**
   * The context has the use case and those that send what starts it, no others: what is made is kept until one of these or
   * what all share changes.
   */
  each?(useCase: UseCase, context: EmitContext): readonly View[] | Promise<readonly View[]>;
  /** Of use cases it has the facts alone: what is made is kept until one of these or what all share changes. */
  all?(context: EmitContext, facts: readonly UseCaseFacts[]): readonly View[] | Promise<readonly View[]>;
}

/** @throws ToolError when the Drizzle schema could not be read: there is nothing to generate from. */
export function emitContext(project: Project): EmitContext {
  const { schema, config } = project;
  if (schema === undefined) throw new ToolError("config/invalid", `The Drizzle schema (${config.schema.join(", ")}) cannot be read.`);
  return {
    project,
    schema,
    paths: pathsOf(config),
    table(name) {
      const table = findTable(project, name);
      if (table === undefined) throw new ToolError("internal", `There is no table ${name}; lint should have said so.`);
      return table;
    },
    rowName: oncePerName((table) => {
      const name = rowTypeName(table, config.rows);
      return globalTypes.has(name) ? `${pascalCase(table)}Row` : name;
    }),
  };
}

/** Types of the language that generated files use by name: a row of `records` must not take one over. */
export const globalTypes: ReadonlySet<string> = new Set(["Date", "Map", "Omit", "Pick", "Promise", "Readonly", "ReadonlyMap", "Record"]);
