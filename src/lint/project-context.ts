import { join } from "node:path";
import { findTable } from "../spec/find-table.js";
import type { Project, UseCase } from "../spec/model.js";
import type { ProjectContext, UseCaseContext } from "./context.js";
import { useCaseExpressions } from "./expression-uses.js";
import { handlerReader } from "./handler-source.js";
import { readMigrationConstraints } from "./migration-constraints.js";
import { once } from "./once.js";

/** The context that the rules of one run share. */
export function createProjectContext(project: Project): ProjectContext {
  const names = createNames(project);
  const useCases = once(() => project.useCases.map((useCase) => useCaseContext(names, useCase)));
  return {
    ...names,
    file: project.config.file ?? "usecase.config.yaml",
    get useCases() {
      return useCases();
    },
  };
}

export interface ProjectNames extends Omit<ProjectContext, "file" | "useCases"> {
  readHandler(useCase: UseCase): string | undefined;
}

/** A project with its names found. */
export function createNames(project: Project): ProjectNames {
  const machines = new Map(project.machines.map((machine) => [machine.name, machine]));
  return {
    project,
    findTable: (name) => findTable(project, name),
    findMachine: (name) => machines.get(name),
    migrationConstraints: once(() => readMigrationConstraints(join(project.root, project.config.migrations))),
    readHandler: handlerReader(project),
  };
}

export function useCaseContext(names: ProjectNames, useCase: UseCase): UseCaseContext {
  const loads = once(() => new Map(useCase.loads.map((load) => [load.name, load])));
  const errors = once(() => new Map(useCase.errors.map((error) => [error.name, error])));
  const expressions = once(() => useCaseExpressions(names.project, useCase));
  // Key by key: spreading `names` takes longer than all the rest, and every use case has a context.
  return {
    project: names.project,
    findTable: names.findTable,
    findMachine: names.findMachine,
    migrationConstraints: names.migrationConstraints,
    file: useCase.file,
    useCase,
    findLoad: (name) => loads().get(name),
    findError: (name) => errors().get(name),
    expressions,
    wrongExpressions: once(() => expressions().filter(({ checked }) => checked.problems.length > 0)),
    handlerSource: once(() => names.readHandler(useCase)),
  };
}

/**
 * The project as one of its use cases sees it: of the others it knows none but those given, so that what is found in it
 * depends on no other and can be kept for as long as itself stays the same. A rule that asks for others where none are
 * given is a mistake of ours.
 */
export function withoutOthers(project: Project, known?: readonly UseCase[]): Project {
  if (known !== undefined) return { ...project, useCases: known };
  return Object.defineProperty({ ...project, useCases: [] }, "useCases", {
    get() {
      throw new Error("Whatever is found in a use case by itself must not depend on other use cases.");
    },
    // Copies of the project go without.
    enumerable: false,
  });
}
