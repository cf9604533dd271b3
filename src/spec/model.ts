// The model: what specs, machines, shared files and the Drizzle schema say, as plain readonly data.
//
//   use case     one business action (or query): one file
//   command      what the caller sends; its fields become a validator and a type
//   load         rows (or a single row) read in the transaction before anything is decided
//   policy       what must hold: a permission, a rule (an expression), a check (a function of the handler file)
//   transition   an event of a state machine that a loaded row takes
//   write        what the handler may change in one table
//   message      an event or a job, stored in the outbox with the change
//   expression   CEL source text; `expression/` parses, types and compiles it
//
// Every node that a finding may point at carries its `path` from the root of its document: positions are looked up
// only when there is something to report, so that the model stays plain data and can be cached by content.

/** How grave a finding is. */
export type Severity = "error" | "warning";

/** Keys and indexes from the root of a YAML document. */
export type SpecPath = readonly (string | number)[];

export interface Located {
  readonly path: SpecPath;
  /** Where it is written, when that is not the file of the use case (or machine) that it belongs to: a shared file. */
  readonly file?: string | undefined;
}

/** CEL source as written; a YAML number or boolean is its own source text. */
export interface Expression extends Located {
  readonly source: string;
}

// ---------------------------------------------------------------------------------------------------------- types

export type ScalarName =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "uuid"
  | "date"
  | "timestamp"
  | "decimal"
  | "bigint"
  | "email"
  | "uri"
  | "json";

export type TypeShape =
  | { readonly kind: "scalar"; readonly name: ScalarName }
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | { readonly kind: "array"; readonly items: Type }
  | { readonly kind: "object"; readonly fields: readonly Field[] }
  /** A shared type, by name; `Project.types` has it. */
  | { readonly kind: "reference"; readonly name: string }
  /** A field with `from` and no type: the expression's own. */
  | { readonly kind: "inferred" };

export type Type = TypeShape &
  Located & {
    readonly nullable: boolean;
    readonly secret: boolean;
    /** The JSON Schema 2020-12 keywords as written: `minimum`, `maxLength`, `pattern`, `const`, `default`, `description`, … */
    readonly keywords: Readonly<Record<string, JsonValue>>;
  };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export interface Field extends Located {
  /** camelCase, without the trailing `?`. */
  readonly name: string;
  readonly optional: boolean;
  readonly type: Type;
  /** In results and payloads: computed by the runtime, so the handler need not give it. */
  readonly from: Expression | undefined;
}

// ------------------------------------------------------------------------------------------------------- use case

export interface UseCase extends Located {
  readonly name: string;
  /** Relative to the project's root, with `/`. */
  readonly file: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly owner: string | undefined;
  readonly deprecated: string | boolean | undefined;
  /** A query changes nothing: no writes, transitions, events, jobs, and no `tx: write`. */
  readonly kind: "action" | "query";
  readonly command: readonly Field[];
  readonly idempotency: Idempotency | "none" | undefined;
  readonly prepare: readonly Prepare[];
  readonly loads: readonly Load[];
  readonly policies: readonly Policy[] | "none" | undefined;
  readonly transitions: readonly Transition[];
  readonly writes: readonly Write[];
  readonly result: readonly Field[];
  /** Declared here, or shared and listed here; in the order of the spec. */
  readonly errors: readonly ErrorDeclaration[];
  readonly audit: Audit | undefined;
  readonly events: readonly Message[];
  readonly jobs: readonly Message[];
  readonly triggers: readonly Trigger[];
  readonly uses: readonly Name[];
  readonly tx: ("read" | "write") | undefined;
  readonly transaction: Transaction;
  /** `tenant: none`: the convention is off for the whole use case. */
  readonly tenantOff: boolean;
}

/** A name as a finding may point at it. */
export interface Name extends Located {
  readonly name: string;
}

export interface Idempotency extends Located {
  readonly key: "caller" | Expression;
  /** As written; the default is tenant where the config has one, else actor. */
  readonly scope: "tenant" | "actor" | undefined;
  readonly retentionSeconds: number;
  /** `remember`: a refusal is an outcome like a result. */
  readonly refusals: "forget" | "remember";
  readonly fingerprint: Expression | undefined;
}

export interface Prepare extends Located {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly timeoutMs: number;
  readonly error: Name | undefined;
}

export type Lock = "none" | "share" | "no key update" | "update";

export type Load = TableLoad | SequenceLoad | AdvisoryLockLoad;

interface LoadBase extends Located {
  readonly name: string;
  readonly when: Expression | undefined;
}

export interface TableLoad extends LoadBase {
  readonly kind: "table";
  readonly table: Name;
  readonly where: Where;
  readonly cardinality: "one" | "optional" | "many";
  readonly lock: Lock;
  readonly wait: "block" | "nowait" | "skip locked";
  readonly orderBy: readonly OrderBy[];
  readonly limit: number | undefined;
  readonly keyBy: Name | undefined;
  readonly missing: Name | undefined;
  readonly aggregate: readonly Aggregate[] | undefined;
  readonly columns: readonly Name[] | undefined;
  readonly tenantOff: boolean;
}

export interface SequenceLoad extends LoadBase {
  readonly kind: "sequence";
  /** `orders.id` */
  readonly sequence: string;
}

export interface AdvisoryLockLoad extends LoadBase {
  readonly kind: "advisoryLock";
  readonly key: Expression;
}

export interface OrderBy extends Located {
  readonly column: string;
  readonly direction: "asc" | "desc";
}

export interface Aggregate extends Located {
  readonly name: string;
  readonly function: "count" | "sum" | "min" | "max" | "avg";
  readonly column: string | undefined;
}

/** All of `conditions`, any branch of each `or`, none of `not`. */
export interface Where extends Located {
  readonly conditions: readonly Condition[];
  readonly or: readonly (readonly Where[])[];
  readonly not: readonly Where[];
}

export type Operator =
  | "eq"
  | "ne"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "in"
  | "notIn"
  | "like"
  | "ilike"
  | "isNull"
  | "isNotNull"
  | "arrayContains";

export interface Condition extends Located {
  readonly column: Name;
  readonly operator: Operator;
  readonly value: ConditionValue;
  readonly when: Expression | undefined;
}

export type ConditionValue =
  | { readonly kind: "expression"; readonly expression: Expression }
  | ({ readonly kind: "const"; readonly value: JsonValue } & Located)
  /** `isNull: true` */
  | ({ readonly kind: "flag"; readonly value: boolean } & Located);

export type Policy = Located & { readonly when: Expression | undefined } & (
    | {
        readonly kind: "permission";
        readonly permission: string;
        readonly resource: Expression | undefined;
        readonly error: Name | undefined;
      }
    | { readonly kind: "rule"; readonly rule: Expression; readonly error: Name | undefined; readonly details: readonly Detail[] }
    | { readonly kind: "check"; readonly check: Name; readonly error: Name | undefined }
  );

export interface Detail extends Located {
  readonly name: string;
  readonly value: Expression;
}

export interface Transition extends Located {
  /** The load whose row takes the event. */
  readonly load: Name;
  readonly machine: Name;
  readonly event: Name;
  readonly when: Expression | undefined;
}

export interface Write extends Located {
  /** The table's export name. */
  readonly table: Name;
  readonly insert: boolean;
  /** `"any"`: every column that may be changed. */
  readonly update: readonly Name[] | "any" | undefined;
  readonly increment: readonly Name[] | undefined;
  readonly upsert: { readonly key: readonly Name[]; readonly update: readonly Name[]; readonly path: SpecPath } | undefined;
  readonly delete: "row" | Where | undefined;
}

export type ErrorKind = "invalid" | "forbidden" | "not-found" | "conflict" | "gone" | "unprocessable" | "rate-limited";

export interface ErrorDeclaration extends Located {
  readonly name: string;
  readonly kind: ErrorKind;
  readonly message: string | undefined;
  readonly details: readonly Field[] | undefined;
  /** The database's own refusals that mean this error. */
  readonly constraints: readonly Name[];
}

export interface Audit extends Located {
  readonly action: string | undefined;
  readonly subject: { readonly type: string; readonly id: Expression; readonly path: SpecPath } | undefined;
  readonly reason: "required" | "optional" | "none";
}

/** An event or a job. */
export interface Message extends Located {
  readonly kind: "event" | "job";
  readonly name: string;
  readonly version: number;
  readonly cardinality: "one" | "optional" | "many";
  readonly when: Expression | undefined;
  readonly key: Expression | undefined;
  readonly payload: readonly Field[];
  readonly delaySeconds: number | undefined;
  readonly at: Expression | undefined;
  readonly maxAttempts: number | undefined;
  readonly dedupeKey: Expression | undefined;
}

export type Trigger = Located & {
  readonly command: readonly Detail[];
  /** Errors that mean that nothing is left to do. */
  readonly ignore: readonly Name[];
} & (
    | { readonly kind: "job"; readonly job: string }
    | { readonly kind: "event"; readonly event: string; readonly version: number }
    | {
        readonly kind: "schedule";
        readonly schedule: string;
        readonly timeZone: Name | undefined;
        readonly missed: "latest" | "all" | "none";
      }
  );

export interface Transaction extends Located {
  readonly isolation: "read committed" | "serializable";
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** Runs after the first: 3 means at most 4 attempts. */
  readonly retries: number;
}

// ------------------------------------------------------------------------------------------------ machines, shared

export interface Machine extends Located {
  readonly name: string;
  readonly file: string;
  readonly table: Name;
  readonly field: Name;
  readonly initial: Name;
  readonly states: readonly MachineState[];
}

export interface MachineState extends Located {
  readonly name: string;
  readonly final: boolean;
  readonly on: readonly { readonly event: string; readonly target: string; readonly path: SpecPath }[];
}

export interface SharedType extends Located {
  readonly name: string;
  readonly file: string;
  readonly type: Type;
}

// --------------------------------------------------------------------------------------------- the Drizzle schema

/** The tables of the Drizzle schema modules, by export name. */
export interface DatabaseSchema {
  readonly tables: readonly Table[];
  readonly enums: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface Table {
  /** The name under which the schema module exports it: what specs say. */
  readonly name: string;
  /** The module, relative to the project's root: generated code imports the table from there. */
  readonly module: string;
  readonly sqlName: string;
  readonly sqlSchema: string | undefined;
  readonly kind: "table" | "view";
  readonly columns: readonly Column[];
  /** Column property names; empty where there is none. */
  readonly primaryKey: readonly string[];
  /** The name of its constraint in the database. */
  readonly primaryKeyName?: string;
  /** Unique constraints and unique indexes, without the primary key. `partial`: with a `where`, so no guarantee. */
  readonly uniques: readonly { readonly name: string; readonly columns: readonly string[]; readonly partial: boolean }[];
  /** Every index, unique ones included; an expression in place of a column is null. */
  readonly indexes: readonly {
    readonly name: string;
    readonly columns: readonly (string | null)[];
    readonly unique: boolean;
    readonly partial: boolean;
  }[];
  readonly foreignKeys: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    readonly table: string;
    readonly foreignColumns: readonly string[];
    /** What a delete of the parent does to its children; undefined: it is refused while there are any. */
    readonly onDelete?: "cascade" | "set null" | "set default";
  }[];
  readonly checks: readonly {
    readonly name: string;
    /** Those that the condition names. */
    readonly columns?: readonly string[];
    /** All that it lets the one column be, where it does nothing but list texts. */
    readonly values?: readonly string[];
  }[];
}

export interface Column {
  /** The property in the Drizzle table: what specs and handlers say. */
  readonly name: string;
  readonly sqlName: string;
  /** As in `CREATE TABLE`: `uuid`, `numeric(12, 2)`, `timestamp with time zone`, `order_status`, `text[]` … */
  readonly sqlType: string;
  /** Drizzle's class, e.g. `PgTimestamp`, `PgTimestampString`, `PgBigInt53`: tells the JavaScript type. */
  readonly columnType: string;
  /** Drizzle's `dataType`: string, number, boolean, date, bigint, json, array, buffer, custom. */
  readonly dataType: string;
  readonly enumValues: readonly string[] | undefined;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  /** Serial, identity or `generated always as`: the database gives it. */
  readonly generated: "identity always" | "identity by default" | "serial" | "expression" | undefined;
  /** Of an array column: what its elements are. */
  readonly element?: Column;
}

// ---------------------------------------------------------------------------------------------------- the project

/** `usecase.config.yaml` with every default filled in; paths relative to the project's root, with `/`. */
export interface Config {
  readonly file: string | undefined;
  readonly specs: string;
  readonly schema: readonly string[];
  readonly out: string;
  readonly migrations: string;
  /** What Drizzle makes of the name of a column without a name of its own. */
  readonly casing: "snake_case" | "camelCase" | undefined;
  readonly lockOrder: readonly string[];
  readonly tenant: { readonly column: string; readonly value: string } | undefined;
  readonly version: { readonly column: string } | undefined;
  readonly session: Readonly<Record<string, string>>;
  readonly secretColumns: Readonly<Record<string, readonly string[]>>;
  /** The types of the actor's claims. */
  readonly claims: readonly Field[];
  readonly transaction: { readonly lockTimeoutMs: number; readonly statementTimeoutMs: number; readonly retries: number };
  readonly services: string | undefined;
  readonly rows: Readonly<Record<string, string>>;
  readonly imports: ".js" | ".ts" | "none";
  readonly templates: string | undefined;
  /** The command, with its arguments, that lays out generated files. */
  readonly format: readonly string[] | undefined;
  /** The runtime's own tables: their Postgres schema (undefined: where the search path leads), and how they come to the database. */
  readonly tables: { readonly schema: string | undefined; readonly migrations: "drizzle" | "none" };
  readonly rules: Readonly<Record<string, Severity | "off">>;
}

/** Everything that lint and generate work on. */
export interface Project {
  /** Absolute; every `file` is relative to it. */
  readonly root: string;
  readonly config: Config;
  readonly useCases: readonly UseCase[];
  /** Some use case is not among them because its file has mistakes: nobody can say that none does something. */
  readonly incomplete?: true;
  readonly machines: readonly Machine[];
  /** Machines that are there but cannot be read (a problem of its own): nobody who names one names nothing. */
  readonly unreadMachines?: readonly string[];
  readonly types: readonly SharedType[];
  /** Undefined when the schema could not be read (that is a problem of its own; rules that need it stay silent). */
  readonly schema: DatabaseSchema | undefined;
}
