export type ErrorKind = "invalid" | "forbidden" | "not-found" | "conflict" | "gone" | "unprocessable" | "rate-limited" | "unavailable";

/** A refusal as plain data: safe to return from a server action, to log, to send. */
export interface Refusal<Code extends string = string, Kind extends ErrorKind = ErrorKind, Details = unknown> {
  readonly code: Code;
  readonly kind: Kind;
  readonly details: Details;
  readonly message: string;
  /** The same call may succeed when made again unchanged. */
  readonly retryable: boolean;
}

/** The arguments after the code: none where the error has no details. */
export type RefusalDetails<R extends Refusal, Code extends string> =
  Extract<R, { readonly code: Code }> extends Refusal<string, ErrorKind, infer Details>
    ? undefined extends Details
      ? []
      : [details: Details]
    : never;

/** One fault of a command; `path` is a JSON pointer (RFC 6901): `/lines/0/quantity`. */
export interface Violation {
  readonly path: string;
  readonly message: string;
}

interface BuiltIn {
  ValidationFailed: Refusal<"ValidationFailed", "invalid", { readonly violations: readonly Violation[] }>;
  Forbidden: Refusal<"Forbidden", "forbidden", { readonly permission: string }>;
  /** `state` is the load that found nothing. */
  NotFound: Refusal<"NotFound", "not-found", { readonly state: string }>;
  PolicyViolation: Refusal<"PolicyViolation", "conflict", { readonly policy: string }>;
  InvalidTransition: Refusal<"InvalidTransition", "conflict", { readonly machine: string; readonly event: string; readonly from: string }>;
  ConstraintViolation: Refusal<"ConstraintViolation", "conflict", { readonly constraint: string }>;
  IdempotencyKeyRequired: Refusal<"IdempotencyKeyRequired", "invalid", undefined>;
  IdempotencyMismatch: Refusal<"IdempotencyMismatch", "unprocessable", undefined>;
  IdempotencyInFlight: Refusal<"IdempotencyInFlight", "conflict", undefined>;
  LockTimeout: Refusal<"LockTimeout", "conflict", undefined>;
  ConcurrencyConflict: Refusal<"ConcurrencyConflict", "conflict", undefined>;
  ReasonRequired: Refusal<"ReasonRequired", "invalid", undefined>;
  /** `outcome` is `unknown` when the connection was lost around COMMIT: the same key again tells. */
  Unavailable: Refusal<"Unavailable", "unavailable", { readonly outcome: "none" | "unknown" }>;
}

export type BuiltInCode = keyof BuiltIn;

/** The built-in errors that a use case can meet; the generator names those that are possible. */
export type BuiltInError<Code extends BuiltInCode> = BuiltIn[Code];

/** Kind, message and retryability of each built-in error: the one table of them. */
export const builtInErrors: {
  readonly [Code in BuiltInCode]: { readonly kind: BuiltIn[Code]["kind"]; readonly message: string; readonly retryable: boolean };
} = {
  ValidationFailed: { kind: "invalid", message: "The command is not valid.", retryable: false },
  Forbidden: { kind: "forbidden", message: "The actor may not do this.", retryable: false },
  NotFound: { kind: "not-found", message: "A row that this needs does not exist.", retryable: false },
  PolicyViolation: { kind: "conflict", message: "A policy does not allow this.", retryable: false },
  InvalidTransition: { kind: "conflict", message: "The state does not allow this event.", retryable: false },
  ConstraintViolation: { kind: "conflict", message: "A constraint of the database does not allow this.", retryable: false },
  IdempotencyKeyRequired: { kind: "invalid", message: "An idempotency key is required.", retryable: false },
  IdempotencyMismatch: { kind: "unprocessable", message: "The idempotency key was used with another command.", retryable: false },
  IdempotencyInFlight: { kind: "conflict", message: "A call with this idempotency key is under way.", retryable: true },
  LockTimeout: { kind: "conflict", message: "A row was locked by somebody else for too long.", retryable: true },
  ConcurrencyConflict: { kind: "conflict", message: "Somebody else changed the same rows.", retryable: true },
  ReasonRequired: { kind: "invalid", message: "A reason is required.", retryable: false },
  Unavailable: { kind: "unavailable", message: "The database cannot be reached.", retryable: true },
};

/** Marks our errors: registered, so that a bundler that loads the package twice does not break `isUseCaseError`. */
export const brand = Symbol.for("usecasecore.error");

/** What `execute` throws for every refusal. */
export class UseCaseError extends Error implements Refusal {
  readonly [brand] = true;
  readonly code: string;
  readonly kind: ErrorKind;
  readonly details: unknown;
  readonly retryable: boolean;
  readonly useCase: string;

  constructor(useCase: string, refusal: Refusal, options?: ErrorOptions) {
    super(refusal.message, options);
    this.name = "UseCaseError";
    this.useCase = useCase;
    this.code = refusal.code;
    this.kind = refusal.kind;
    this.details = refusal.details;
    this.retryable = refusal.retryable;
  }

  /** Plain data, without stack and cause. */
  toJSON(): Refusal {
    const { code, kind, details, message, retryable } = this;
    return { code, kind, details, message, retryable };
  }
}
