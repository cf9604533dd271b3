/** An event, a job or a slot of a schedule on its way to whoever it is for. */
export interface RelayMessage {
  /** The same at each delivery: what receivers know a repetition by. */
  readonly id: string;
  readonly kind: "event" | "job" | "schedule";
  /** The event's or job's name; the use case that a schedule starts. */
  readonly type: string;
  readonly version: number;
  /** Messages of one kind, tenant and key are delivered one after the other, in the order of their commits. */
  readonly key: string;
  /** Null where the actor had none. */
  readonly tenantId: string | null;
  readonly payload: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  /** 1 at the first delivery. */
  readonly attempt: number;
  readonly createdAt: Date;
}

/** A message as a relay holds it. */
export interface ClaimedMessage {
  readonly seq: string;
  readonly slot: number;
  /** How often its slot had changed hands when it was claimed. */
  readonly epoch: string;
  /** Its kind, tenant and key: it is delivered after what stands before it there. */
  readonly lane: string;
  readonly maxAttempts: number | undefined;
  readonly message: RelayMessage;
}
