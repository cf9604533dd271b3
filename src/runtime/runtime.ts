import type { BoundedCache } from "./bounded-cache.js";
import type { Definition, ErasedHandler } from "./internals.js";
import type { LoadLevel } from "./load/plan-loads.js";
import type { Observer } from "./observer.js";
import type { Authorizer, Driver, Logger, Statement } from "./ports.js";
import type { OwnNames } from "./sql/own-names.js";

/** What a core is made of. */
export interface Runtime {
  readonly driver: Driver;
  readonly authorizer: Authorizer | undefined;
  readonly logger: Logger;
  readonly observer: Observer | undefined;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly services: unknown;
  readonly secretKey: string | undefined;
  readonly names: OwnNames;
}

/** What a use case's definition says of its statements. */
export interface PlannedUseCase {
  readonly definition: Definition;
  readonly levels: readonly LoadLevel[];
  /** Compares tables: in the order in which their rows are locked. */
  readonly place: (a: string, b: string) => number;
  readonly begin: Statement;
  /** Follows `begin`: `claim` where the use case has idempotency, else `open`, which opens the gate. */
  readonly open: Statement;
  readonly claim: Statement;
  /** Begin a query of several statements. */
  readonly snapshot: readonly Statement[];
}

/** A use case as one core executes it: what can be made once is made once. */
export interface PreparedUseCase extends PlannedUseCase {
  readonly handler: ErasedHandler;
  readonly authorizer: Authorizer | undefined;
  /** Write statements by their shapes. */
  readonly statements: BoundedCache<Statement>;
}
