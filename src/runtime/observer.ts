/** The steps of a call. Loads that depend on no other go out with `begin`, so that waiting for their locks counts there. */
export type Stage = "validate" | "permissions" | "prepare" | "begin" | "load" | "policies" | "transitions" | "apply" | "write";

/** What is told of a call: no command, no row, no result, nobody's name. */
export interface ObservedCall {
  readonly useCase: string;
  /** It changes nothing. */
  readonly query: boolean;
  readonly correlationId: string | undefined;
  readonly requestId: string | undefined;
  /** W3C trace context, as the caller gave it. */
  readonly traceparent: string | undefined;
}

/** How something ended. A refusal is no failure: the call was answered. */
export type CallOutcome = "done" | "replayed" | "refused" | "failed";

export interface CallEnd {
  readonly outcome: CallOutcome;
  /** Of a refusal, or of a failure that has one: `InsufficientStock`, `LockTimeout`, `Unavailable`. */
  readonly code: string | undefined;
  readonly failure: unknown;
  /** How often the transaction was run; 0 if it never was. */
  readonly attempts: number;
  readonly durationMs: number;
}

export interface StageEnd {
  /** What the stage threw, a refusal too; undefined if it threw nothing. Its details and its message may name values. */
  readonly failure: unknown;
  readonly durationMs: number;
}

export interface CallObserver {
  /** A stage begins; what is returned is told its end. `attempt` is 0 before the transaction. */
  onStage?(stage: Stage, attempt: number): ((end: StageEnd) => void) | undefined;
  onEnd?(end: CallEnd): void;
}

/** One delivery by a relay, successful or not. */
export interface ObservedDelivery {
  readonly kind: "event" | "job" | "schedule";
  readonly type: string;
  readonly outcome: "delivered" | "failed" | "dead";
  readonly attempt: number;
  readonly durationMs: number;
  /** Since the message was written, by this process' clock. */
  readonly ageMs: number;
  readonly traceparent: string | undefined;
}

/**
 * Is told what calls and deliveries do, for traces and metrics. What it throws is logged and changes nothing; what it
 * does is done while the call waits, so it should be short.
 */
export interface Observer {
  onCall?(call: ObservedCall): CallObserver | undefined;
  onDelivery?(delivery: ObservedDelivery): void;
}
