import type { UseCaseDefinition } from "./definition.js";
import type { Handler, UseCase, UseCaseTypes } from "./use-case.js";

/** A definition and its handler, joined. Generated code calls it. */
export function bindHandler<T extends UseCaseTypes>(definition: UseCaseDefinition<T>, handler: Handler<T>): UseCase<T> {
  return { name: definition.name, command: definition.command, internals: { definition, handler } };
}
