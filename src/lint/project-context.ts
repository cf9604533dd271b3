import { join } from "node:path";
import type { Project } from "../spec/model.js";
import type { ProjectContext, UseCaseContext } from "./context.js";
import { useCaseExpressions } from "./expression-uses.js";
import { readHandlerSource } from "./handler-source.js";
import { readMigrationConstraints } from "./migration-constraints.js";
import { once } from "./once.js";

/** The context that the rules of one run share. */
export function createProjectContext(project: Project): ProjectContext {
  const tables = new Map(project.schema?.tables.map((table) => [table.name, table]));
  const machines = new Map(project.machines.map((machine) => [machine.name, machine]));
  const names = {
    project,
    findTable: (name: string) => tables.get(name),
    findMachine: (name: string) => machines.get(name),
    migrationConstraints: once(() => readMigrationConstraints(join(project.root, project.config.migrations))),
  };
  const useCases = project.useCases.map((useCase): UseCaseContext => {
    const loads = new Map(useCase.loads.map((load) => [load.name, load]));
    const errors = new Map(useCase.errors.map((error) => [error.name, error]));
    return {
      ...names,
      file: useCase.file,
      useCase,
      findLoad: (name) => loads.get(name),
      findError: (name) => errors.get(name),
      expressions: once(() => useCaseExpressions(project, useCase)),
      handlerSource: once(() => readHandlerSource(project, useCase)),
    };
  });
  return { ...names, file: project.config.file ?? "usecase.config.yaml", useCases };
}
