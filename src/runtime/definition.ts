// A definition is data: what the spec says, compiled. Generated files annotate it, so the compiler checks each
// expression against the command, the rows and the declared errors, and infers nothing.
import type { BuiltInCode } from "./errors.js";
import type { AnyRepository, Casing, DeletedRow, Repository, WholeRow } from "./repository.js";
import type { StandardSchemaV1 } from "./standard-schema.js";
import type { OutcomeScope, PayloadScope, Scope, UseCaseTypes } from "./use-case.js";

export type Lock = "none" | "share" | "no key update" | "update";

/** A load whose row is a `Row`; `where` is checked against the table's columns. */
export interface Load<T extends UseCaseTypes, Row> {
  readonly from: Repository<Row>;
  readonly where: Where<T, Row>;
  /** Default: one row, or the `missing` error. */
  readonly cardinality?: "optional" | "many";
  readonly columns?: readonly (keyof Row & string)[];
  /** What is computed of the rows, instead of the rows. */
  readonly aggregate?: Readonly<Record<string, Aggregate<keyof Row & string>>>;
  /** Default: none. */
  readonly lock?: Lock;
  /** Default: wait until the lock timeout. */
  readonly wait?: "nowait" | "skip locked";
  readonly orderBy?: readonly { readonly column: keyof Row & string; readonly direction?: "desc" }[];
  readonly limit?: number;
  /** The rows as a map by this column. */
  readonly keyBy?: keyof Row & string;
  /** Default: NotFound for one row; nothing for many. */
  readonly missing?: T["refusal"]["code"] | "NotFound";
  /** If false, the load does not take place. */
  readonly when?: (scope: Scope<T>) => boolean;
  /** The loads whose rows `where` and `when` read. */
  readonly after?: readonly (keyof T["state"] & string)[];
}

export type Aggregate<Column> =
  | "count"
  | { readonly count: Column }
  | { readonly sum: Column }
  | { readonly avg: Column }
  | { readonly min: Column }
  | { readonly max: Column };

/** Something to lock where no row exists yet. It has no value in the state. */
export interface AdvisoryLock<T extends UseCaseTypes> {
  /** Calls with one key wait for each other, whichever use cases they are of. */
  readonly key: (scope: Scope<T>) => unknown;
  /** If false, nothing is locked. */
  readonly when?: (scope: Scope<T>) => boolean;
  /** The loads whose rows `key` and `when` read. */
  readonly after?: readonly (keyof T["state"] & string)[];
}

/** An id that the database gives, taken before the handler decides: so it is known to whoever needs it. */
export interface SequenceLoad<T extends UseCaseTypes> {
  readonly from: AnyRepository;
  readonly column: string;
  /** If false, no id is taken: the value is null. */
  readonly when?: (scope: Scope<T>) => boolean;
  /** The loads whose rows `when` reads. */
  readonly after?: readonly (keyof T["state"] & string)[];
}

/** All columns' conditions hold, any branch of each `OR`, none of `NOT`. */
export type Where<T extends UseCaseTypes, Row> = {
  readonly [Column in Exclude<keyof Row, symbol>]?: Condition<T, Row[Column]> | undefined;
} & { readonly OR?: readonly Where<T, Row>[]; readonly NOT?: Where<T, Row> };

/** A function alone means equality. */
export type Condition<T extends UseCaseTypes, Value> = ((scope: Scope<T>) => Value) | Operators<T, Value>;

export interface Operators<T extends UseCaseTypes, Value> {
  readonly eq?: (scope: Scope<T>) => Value;
  readonly ne?: (scope: Scope<T>) => Value;
  readonly lt?: (scope: Scope<T>) => Value;
  readonly lte?: (scope: Scope<T>) => Value;
  readonly gt?: (scope: Scope<T>) => Value;
  readonly gte?: (scope: Scope<T>) => Value;
  readonly in?: (scope: Scope<T>) => readonly Value[];
  readonly notIn?: (scope: Scope<T>) => readonly Value[];
  readonly like?: (scope: Scope<T>) => string;
  readonly ilike?: (scope: Scope<T>) => string;
  readonly arrayContains?: (scope: Scope<T>) => Value;
  readonly isNull?: boolean;
  readonly isNotNull?: boolean;
  /** If false, these conditions are left out. */
  readonly when?: (scope: Scope<T>) => boolean;
}

/** The code of an error that a refusal may carry: declared, or built in. */
export type ErrorCode<T extends UseCaseTypes> = T["refusal"]["code"] | BuiltInCode;

export type Policy<T extends UseCaseTypes> = { readonly when?: (scope: Scope<T>) => boolean } & (
  | { readonly permission: string; readonly resource?: (scope: Scope<T>) => unknown; readonly error?: ErrorCode<T> }
  | { readonly check: string; readonly error?: ErrorCode<T> }
  | {
      readonly rule: (scope: Scope<T>) => boolean;
      /** The rule as the spec has it: what PolicyViolation and the audit name. */
      readonly source: string;
      readonly error?: ErrorCode<T>;
      readonly details?: (scope: Scope<T>) => object;
    }
);

export interface Transition<T extends UseCaseTypes> {
  /** The load whose row (or rows) take the event. */
  readonly state: keyof T["state"] & string;
  readonly machine: string;
  readonly event: string;
  /** The column that holds the state. */
  readonly field: string;
  /** From each state that allows the event to the state that follows: `{ draft: "cancelled", submitted: "cancelled" }`. */
  readonly moves: Readonly<Record<string, string>>;
  readonly when?: (scope: Scope<T>) => boolean;
}

/** A function that is called before the transaction. */
export interface Preparation<T extends UseCaseTypes> {
  readonly timeoutMs: number;
  /** The error when it fails or takes too long. Default: Unavailable. */
  readonly error?: ErrorCode<T>;
}

/** What the handler may change in one table. */
export interface WriteRights {
  readonly into: AnyRepository;
  readonly insert?: true;
  /** The columns, or every one that may be changed. */
  readonly update?: true | readonly string[];
  readonly increment?: readonly string[];
  /** The unique columns that say whether the row is there, and those that are then updated. */
  readonly upsert?: Upsert;
  readonly delete?: true;
}

export interface Upsert {
  readonly key: readonly string[];
  readonly update: readonly string[];
}

/** A delete of all rows that a condition finds. */
export interface Deletion<T extends UseCaseTypes, Row> {
  readonly from: Repository<Row>;
  readonly where: Where<T, Row>;
}

/** An event or a job. */
export interface Message<T extends UseCaseTypes, Payload> {
  readonly version?: number;
  /** Default: one. */
  readonly cardinality?: "optional" | "many";
  /** Decides without the handler whether it is sent. */
  readonly when?: (scope: OutcomeScope<T>) => boolean;
  /** The ordering key. Default for a job: its own id. */
  readonly key?: (scope: PayloadScope<T, Payload>) => string;
  /** The locked loads that serialise the key: without one, an advisory lock on the key is taken before the write. */
  readonly serialisedBy?: readonly (keyof T["state"] & string)[];
  /** The payload's fields that are computed; the handler gives the others. */
  readonly computed?: { readonly [Field in keyof Payload]?: (scope: OutcomeScope<T>) => Payload[Field] };
  /** Fields that the handler gives; none: it gives nothing at all. */
  readonly given?: readonly (keyof Payload & string)[];
  readonly delaySeconds?: number;
  readonly at?: (scope: OutcomeScope<T>) => Date;
  readonly maxAttempts?: number;
  readonly dedupeKey?: (scope: PayloadScope<T, Payload>) => string;
}

/**
 * What starts a use case besides callers. `command` makes the command of what has come; without it the payload is the
 * command. Methods, so that generated code says of which payload.
 */
export type Trigger<T extends UseCaseTypes> = {
  /** Errors that mean that there is nothing left to do: the message counts as delivered. */
  readonly ignore?: readonly ErrorCode<T>[];
} & (
  | { readonly job: string; command?(scope: TriggeredByJob<unknown>): T["commandInput"] }
  | { readonly event: string; readonly version: number; command?(scope: TriggeredByEvent<unknown>): T["commandInput"] }
  | {
      /** A cron expression of five fields. */
      readonly schedule: string;
      /** Default: UTC. */
      readonly timeZone?: string;
      /** Slots that passed while no relay ran: default the latest of them. */
      readonly missed?: "all" | "none";
      command(scope: TriggeredBySchedule): T["commandInput"];
    }
);

export interface TriggeredByEvent<Payload> {
  readonly event: { readonly id: string; readonly payload: Payload };
}

export interface TriggeredByJob<Payload> {
  readonly job: { readonly id: string; readonly payload: Payload };
}

export interface TriggeredBySchedule {
  /** The moment that the schedule names. */
  readonly slot: Date;
}

/** Each load of rows, by its name: what the state holds decides which table it may read. Ids of sequences are no rows. */
export type Loads<T extends UseCaseTypes> = {
  readonly [Name in keyof T["state"] as NonNullable<T["state"][Name]> extends Id ? never : Name]-?: Load<T, RowIn<T["state"][Name]>>;
};
type Id = string | number | bigint;
type RowIn<Loaded> = Loaded extends readonly (infer Row)[]
  ? WholeRow<Row>
  : Loaded extends ReadonlyMap<unknown, infer Row>
    ? WholeRow<Row>
    : WholeRow<NonNullable<Loaded>>;

export interface UseCaseDefinition<T extends UseCaseTypes> {
  readonly name: string;
  /** The spec's file, relative to the project's root. */
  readonly spec: string;
  /** Changes nothing: no transaction of its own unless several statements need one snapshot. */
  readonly query?: true;
  readonly command: StandardSchemaV1<T["commandInput"], T["command"]>;
  /** Fields of the command that never reach audit, logs or error details: `["note"]`, `["card.number"]`. */
  readonly secretFields?: readonly string[];
  readonly idempotency?: {
    readonly key: "caller" | ((scope: { readonly command: T["command"] }) => string);
    readonly scope: "actor" | "tenant";
    readonly retentionSeconds: number;
    /** A refused call is refused again under its key, whatever has changed. Default: it may try again. */
    readonly refusals?: "remember";
    readonly fingerprint?: (scope: { readonly command: T["command"] }) => unknown;
  };
  /** Functions of the handler file that run before the transaction. */
  readonly prepare?: { readonly [Name in keyof NonNullable<T["prepare"]>]: Preparation<T> };
  /** In the order of the spec. */
  readonly state: Loads<T>;
  readonly sequences?: { readonly [Name in keyof T["state"]]?: SequenceLoad<T> };
  /** Taken before the rows of their level, in one order for all use cases. */
  readonly advisoryLocks?: Readonly<Record<string, AdvisoryLock<T>>>;
  /** Tables in the order in which they are locked and written. */
  readonly lockOrder?: readonly string[];
  readonly policies: readonly Policy<T>[];
  readonly transitions?: readonly Transition<T>[];
  readonly writes: { readonly [Table in keyof T["writes"]]: WriteRights };
  /** Rows that are deleted by condition, whatever the handler decides. */
  readonly deletes?: { readonly [Table in keyof T["writes"]]?: Deletion<T, DeletedRow<T["writes"][Table]>> };
  /** Result fields that are computed; the handler gives the others. */
  readonly computedResult?: { readonly [Field in keyof T["result"]]?: (scope: Scope<T>) => T["result"][Field] };
  /** Fields of the result that are never stored: null on replay. */
  readonly secretResult?: readonly (keyof T["result"] & string)[];
  readonly errors: {
    readonly [R in T["refusal"] as R["code"]]: Pick<R, "kind" | "message"> & { readonly constraints?: readonly string[] };
  };
  /** Absent only for a query that is not audited. */
  readonly audit?: {
    readonly action: string;
    readonly subject?: { readonly type: string; readonly id: (scope: OutcomeScope<T>) => unknown };
    readonly reason?: "required" | "none";
  };
  readonly events?: { readonly [Name in keyof T["events"]]: Message<T, T["events"][Name]> };
  readonly jobs?: { readonly [Name in keyof T["jobs"]]: Message<T, T["jobs"][Name]> };
  readonly triggers?: readonly Trigger<T>[];
  /** The handler gets Drizzle over the transaction: to read, or also to write what the audit does not see. */
  readonly tx?: "read" | "write";
  /** How that Drizzle names columns without a name of their own. */
  readonly casing?: Casing;
  /** The tenant that the convention binds: absent where it does not apply. */
  readonly tenant?: (scope: { readonly actor: T["context"]["actor"] }) => string;
  /** Settings of the transaction, for row-level security: `{ "app.tenant_id": ({ actor }) => actor.tenantId }`. */
  readonly session?: Readonly<Record<string, (scope: { readonly actor: T["context"]["actor"] }) => string>>;
  readonly transaction: {
    readonly isolation?: "serializable";
    readonly lockTimeoutMs: number;
    readonly statementTimeoutMs: number;
    readonly retries: number;
  };
}
