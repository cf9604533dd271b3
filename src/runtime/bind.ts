import type { UseCaseDefinition } from "./definition.js";
import type { Handler, UseCase, UseCaseTypes } from "./use-case.js";

/** A definition and its handler, joined. Generated code calls it. */
export function bindHandler<T extends UseCaseTypes>(definition: UseCaseDefinition<T>, handler: Handler<T>): UseCase<T> {
  return { name: definition.name, command: definition.command, internals: { definition, handler } };
}

/** A query whose result is computed in full: it needs no handler. Generated code calls it. */
export function bindQuery<T extends UseCaseTypes>(definition: UseCaseDefinition<T>): UseCase<T> {
  return { name: definition.name, command: definition.command, internals: { definition, handler: {} } };
}

/** Thrown by what is still to be written. */
export class NotImplementedError extends Error {
  readonly code = "NotImplemented";
  /** `the check withinHours`: what is missing. */
  readonly what: string;

  constructor(what: string) {
    super(`Not implemented: ${what}.`);
    this.name = "NotImplementedError";
    this.what = what;
  }
}

/**
 * Stands in a handler for what is still to be written: of type `never`, so that the file type-checks from the start.
 * The call fails, and nothing is written.
 * @example apply: () => notImplemented("what MoveInventory does")
 * @throws NotImplementedError always
 */
export function notImplemented(what: string): never {
  throw new NotImplementedError(what);
}
