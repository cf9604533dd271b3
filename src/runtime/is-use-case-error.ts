import { brand, type UseCaseError } from "./errors.js";
import type { AnyUseCase, UseCase, UseCaseTypes } from "./use-case.js";

/**
 * Whether this is a refusal; with a use case, one of its own, narrowed to the errors that it can meet.
 * @example if (isUseCaseError(error, moveInventory) && error.code === "InsufficientStock") return error.details.available;
 */
export function isUseCaseError(error: unknown): error is UseCaseError;
export function isUseCaseError<T extends UseCaseTypes>(error: unknown, useCase: UseCase<T>): error is UseCaseError & T["error"];
export function isUseCaseError(error: unknown, useCase?: AnyUseCase): boolean {
  return error instanceof Error && brand in error && (useCase === undefined || ("useCase" in error && error.useCase === useCase.name));
}
