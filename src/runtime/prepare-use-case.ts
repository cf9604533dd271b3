import { boundedCache } from "./bounded-cache.js";
import { claimStatement } from "./idempotency/claim.js";
import { type Definition, internalsOf } from "./internals.js";
import { planLoads, tablePlace } from "./load/plan-loads.js";
import { requireAuthorizer } from "./policies.js";
import type { Statement } from "./ports.js";
import type { PlannedUseCase, PreparedUseCase, Runtime } from "./runtime.js";
import { beginStatement, openStatement, snapshotStatements } from "./sql/begin-statement.js";
import type { OwnNames } from "./sql/own-names.js";
import type { AnyUseCase } from "./use-case.js";

/** A use case's write statements differ by how many rows of which tables they change. */
const shapeLimit = 256;

/** What execution needs of a use case. Throws an Error where the core cannot execute it at all. */
export function prepareUseCase(runtime: Runtime, useCase: AnyUseCase): PreparedUseCase {
  const { definition, handler } = internalsOf(useCase);
  requireAuthorizer({ definition, handler, authorizer: runtime.authorizer });
  const statements = boundedCache<Statement>(shapeLimit);
  return { ...plannedUseCase(definition, runtime.names), handler, authorizer: runtime.authorizer, statements };
}

/** The part of it that follows from the definition alone. */
export function plannedUseCase(definition: Definition, names: OwnNames): PlannedUseCase {
  return {
    definition,
    levels: planLoads(definition),
    place: tablePlace(definition.lockOrder ?? []),
    begin: beginStatement(definition.transaction),
    open: openStatement(definition.transaction),
    snapshot: snapshotStatements(definition.transaction),
    claim: claimStatement(names, definition.transaction),
  };
}
