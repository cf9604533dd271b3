/** Errors that every use case may end with and none declares. */
export const builtInErrorNames: readonly string[] = [
  "ConcurrencyConflict",
  "ConstraintViolation",
  "Forbidden",
  "IdempotencyInFlight",
  "IdempotencyKeyRequired",
  "IdempotencyMismatch",
  "InvalidTransition",
  "LockTimeout",
  "NotFound",
  "PolicyViolation",
  "ReasonRequired",
  "Unavailable",
  "ValidationFailed",
];
