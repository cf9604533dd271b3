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

/**
 * What a scaffolded handler calls until it is written: it has type `never`, so that the file type-checks from the start.
 * @example apply: () => notImplemented("what MoveInventory does")
 */
export function notImplemented(what: string): never {
  throw new Error(`Not implemented: ${what}.`);
}
