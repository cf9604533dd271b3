// What rules look at: the project, with its names found. What costs something is computed at its first use, once per run.
import type { ErrorDeclaration, Load, Machine, Project, Table, UseCase } from "../spec/model.js";
import type { ExpressionUse } from "./expression-uses.js";
import type { MigrationConstraint } from "./migration-constraints.js";

interface Names {
  readonly project: Project;
  /** The file that a rule's findings are in, where a node of the model does not name another. */
  readonly file: string;
  /** By export name; undefined also while the schema could not be read. */
  findTable(name: string): Table | undefined;
  findMachine(name: string): Machine | undefined;
  /** What the migrations leave: exclusion constraints and hand-written ones are nowhere else. */
  migrationConstraints(): readonly MigrationConstraint[];
}

export interface ProjectContext extends Names {
  readonly useCases: readonly UseCaseContext[];
}

export interface MachineContext extends Names {
  readonly machine: Machine;
}

export interface UseCaseContext extends Names {
  readonly useCase: UseCase;
  findLoad(name: string): Load | undefined;
  /** Among the declared errors; built-in ones are not there. */
  findError(name: string): ErrorDeclaration | undefined;
  /** Every expression of the use case, typed. */
  expressions(): readonly ExpressionUse[];
  /** Those that have problems. */
  wrongExpressions(): readonly ExpressionUse[];
  /** The user's handler; undefined while there is none. */
  handlerSource(): string | undefined;
}
