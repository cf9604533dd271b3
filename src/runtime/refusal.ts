import { type BuiltInCode, builtInErrors, UseCaseError } from "./errors.js";
import type { Definition, Fields } from "./internals.js";
import { withoutSecrets } from "./secret-fields.js";

const refusals = new WeakSet<Error>();

/** An error of a use case, by its code: declared in the spec, or built in. */
export function useCaseError(definition: Definition, code: string, details?: unknown, cause?: unknown): UseCaseError {
  const known = Object.hasOwn(definition.errors, code)
    ? definition.errors[code]
    : Object.hasOwn(builtInErrors, code)
      ? builtInErrors[code as BuiltInCode]
      : undefined;
  if (known === undefined) throw new Error(`${definition.name} does not declare the error "${code}".`, { cause });
  const retryable = "retryable" in known && known.retryable;
  return new UseCaseError(definition.name, { code, kind: known.kind, message: known.message, details, retryable }, { cause });
}

/** A decision against the command: by a policy, a transition, a missing row, the handler, or a constraint. It is audited. */
export function refusal(definition: Definition, code: string, details?: unknown, cause?: unknown): UseCaseError {
  const error = useCaseError(definition, code, details, cause);
  refusals.add(error);
  return error;
}

/** Not true for errors of other calls that pass through a handler. */
export function isRefusal(definition: Definition, error: unknown): error is UseCaseError {
  return error instanceof UseCaseError && refusals.has(error) && error.useCase === definition.name;
}

/** What handlers refuse with. Secrets of the command are not told in details: those are stored, and shown. */
export function rejectOf(definition: Definition, command: Fields): (code: string, details?: unknown) => never {
  return (code, details) => {
    if (!Object.hasOwn(definition.errors, code)) throw new Error(`${definition.name} does not declare the error "${code}".`);
    throw refusal(definition, code, withoutSecrets(details, command, definition.secretFields ?? []));
  };
}
