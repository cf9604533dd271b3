import type { AdvisoryLockLoad, ErrorDeclaration, Expression, Field, Load, SequenceLoad, TableLoad, UseCase } from "../../spec/model.js";
import type { Imports } from "../code/imports.js";
import type { EmitContext } from "../emitter.js";
import type { Expressions } from "./expressions.js";

/** What the parts of a use case's file share while they are made. */
export interface UseCaseParts {
  readonly useCase: UseCase;
  readonly context: EmitContext;
  readonly imports: Imports;
  readonly expressions: Expressions;
  /** The generated file itself. */
  readonly file: string;
  /** The declared errors by name. */
  readonly errors: readonly ErrorDeclaration[];
  /** The tenant convention holds: the actor must be one of a tenant. */
  readonly tenantScoped: boolean;
  /** What the convention binds the tenant's column to. */
  readonly tenant: Expression | undefined;
  /** Somebody has to write a handler: not for a query whose result is computed. */
  readonly hasHandler: boolean;
  /** Imports a type of `usecasecore`. */
  core(name: string): string;
  /** Imports the repository of a table. */
  repository(table: string): string;
  /** Imports a type of a table's generated file: `Order`, `OrderWrites`. */
  rowType(table: string, name: string): string;
  /** Imports a shared type. */
  shared(name: string, input: boolean): string;
}

export function tableLoads(loads: readonly Load[]): readonly TableLoad[] {
  return loads.filter((load) => load.kind === "table");
}

export function sequenceLoads(loads: readonly Load[]): readonly SequenceLoad[] {
  return loads.filter((load) => load.kind === "sequence");
}

export function advisoryLocks(loads: readonly Load[]): readonly AdvisoryLockLoad[] {
  return loads.filter((load) => load.kind === "advisoryLock");
}

/** The fields that the handler gives. */
export function givenFields(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ from }) => from === undefined);
}

/** Declared errors by name, each once. */
export function sortedErrors({ errors }: UseCase): readonly ErrorDeclaration[] {
  return [...errors].sort((a, b) => (a.name < b.name ? -1 : 1));
}
