import { findMessage } from "../find-message.js";
import { findColumn, findTable } from "../find-table.js";
import type { Expression, Field, Load, Message, Project, TableLoad, Trigger, UseCase } from "../model.js";
import { checkCondition, checkExpression } from "./check.js";
import { both, type Fact, type Facts, type Guarantee, noFacts, unseen } from "./facts.js";
import { type ASTNode, parseExpression } from "./parse.js";
import type { ExpressionPlace } from "./place.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

export type { ExpressionPlace } from "./place.js";
export { expectedType } from "./place.js";

/** What an expression may name at its place, and what is already known there. */
export interface Scope {
  readonly names: readonly string[];
  /** The type of a name, as far as it is in scope. */
  type(name: string): ValueType | undefined;
  /** Why a name that exists is not in scope here. */
  absence(name: string): string | undefined;
  readonly facts: Facts;
  readonly guarantees: readonly Guarantee[];
}

/**
 * The scope of an expression of a use case.
 *
 * - The command and the actor are everywhere (an idempotency key sees the command alone); `now` and `prepare` from the
 *   loads on; `result` in audit, events and jobs; `payload` in keys.
 * - The conditions of a load see the other loads: that they do not need each other in a circle is for lint to say.
 * - A load is its row; the row or null with `optional` or `when`; a list with `many`, a map with `keyBy`.
 * - Inside a part with a `when`, what the `when` has checked is known: also that loads with the same `when` took place.
 *   In later parts, what the rules before have checked is known; in a rule's details, that it failed.
 */
export function expressionScope(project: Project, useCase: UseCase, place: ExpressionPlace): Scope {
  const variables = new Map<string, () => ValueType>();
  const absences = new Map<string, string>();
  const { kind } = place;
  const early = kind === "idempotency key" || kind === "idempotency fingerprint";

  if (kind === "trigger") variables.set(triggerNames[place.trigger.kind], () => triggerType(project, place.trigger));
  else if (kind !== "actor")
    variables.set("command", () =>
      once(project, useCase, useCase.command, () => objectNamed("the command", types.fromFields(project, useCase.command))),
    );
  if (!early && kind !== "trigger") variables.set("actor", () => once(project, useCase, useCase, () => actorType(project, useCase)));
  if (kind !== "actor" && kind !== "trigger" && !early) {
    variables.set("now", () => types.instant);
    if (useCase.prepare.length > 0) variables.set("prepare", () => prepareType(project, useCase));
    addLoads(project, useCase, place, variables, absences);
  }
  const afterHandler = kind === "audit subject" || "message" in place;
  if (afterHandler) variables.set("result", () => once(project, useCase, useCase.result, () => resultType(project, useCase)));
  if (kind === "message key" || kind === "dedupe key")
    variables.set("payload", () => once(project, useCase, place.message, () => payloadType(project, useCase, place.message)));

  const found = once(project, useCase, useCase.loads, () => ({ rows: foundRows(useCase), guarantees: useCase.loads.flatMap(guarantees) }));
  const known = new Map<string, ValueType>();
  const scope: Scope & { facts: Facts } = {
    get names() {
      return [...variables.keys()];
    },
    type(name) {
      const cached = known.get(name);
      if (cached !== undefined) return cached;
      const type = variables.get(name)?.();
      if (type !== undefined) known.set(name, type);
      return type;
    },
    absence: (name) => absences.get(name) ?? (Object.hasOwn(reasons, name) ? reasons[name] : undefined),
    facts: noFacts,
    guarantees: found.guarantees,
  };
  scope.facts = unseen(both(found.rows, knownAt(project, useCase, place, scope)));
  return scope;
}

/** Why a name is not in scope where it is not. */
const reasons: Readonly<Record<string, string>> = {
  command: "`command` is not known here.",
  actor: "`actor` is not known here: only the command decides what is the same call.",
  now: "`now` is not known here: the same call must give the same value again.",
  prepare: "This use case has no `prepare`.",
  result: "`result` is known in audit, events and jobs only: here the handler has not decided yet.",
  payload: "`payload` is known in `key` and `dedupeKey` only.",
  event: "`event` is known in triggers by an event only.",
  job: "`job` is known in triggers by a job only.",
  slot: "`slot` is known in triggers by a schedule only.",
  state: "Loads stand for themselves: leave out `state.`.",
};

/**
 * What is worked out once for a part of a use case: its expressions all have the same scope, but for a name or two. Kept
 * for the use case that was asked about last: thousands follow each other, and none comes back.
 */
function once<T>(project: Project, useCase: UseCase, part: object, compute: () => T): T {
  if (last?.project !== project || last.useCase !== useCase) last = { project, useCase, results: new Map() };
  const { results } = last;
  if (!results.has(part)) results.set(part, compute());
  return results.get(part) as T;
}

let last: { readonly project: Project; readonly useCase: UseCase; readonly results: Map<object, unknown> } | undefined;

/** The actor of this use case always has a tenant: generated contexts then ask for one. */
export function requiresTenant(project: Project, useCase: UseCase): boolean {
  return project.config.tenant !== undefined && !useCase.tenantOff;
}

// ----------------------------------------------------------------------------------------------------------- variables

function actorType(project: Project, useCase: UseCase): ValueType {
  const withTenant = requiresTenant(project, useCase);
  const { claims } = project.config;
  const who: (readonly [string, ValueType])[] = [
    ["id", types.openString],
    ["type", types.string],
  ];
  return types.objectOf(
    [
      ...who,
      ["tenantId", withTenant ? types.openString : { ...types.openString, optional: true }],
      ["roles", types.listOf(types.string)],
      [
        "claims",
        claims.length === 0
          ? types.json
          : types.objectOf(
              claims.map((claim) => [claim.name, claimType(project, claim)]),
              "the actor's claims",
            ),
      ],
      ["onBehalfOf", { ...types.objectOf(who, "the one on whose behalf the actor acts"), optional: true }],
    ],
    "the actor",
  );
}

/** Claims are what an identity provider says, looked at when they are read: lists and objects stay JSON. */
function claimType(project: Project, claim: Field): ValueType {
  const type = types.fromField(project, claim);
  return type.kind === "list" || type.kind === "object" ? { kind: "json", ...(type.optional && { optional: true }) } : type;
}

function prepareType(project: Project, useCase: UseCase): ValueType {
  return types.objectOf(
    useCase.prepare.map(({ name, fields }) => [name, objectNamed(`the prepared \`${name}\``, types.fromFields(project, fields))]),
    "what is prepared",
  );
}

function addLoads(
  project: Project,
  useCase: UseCase,
  place: ExpressionPlace,
  variables: Map<string, () => ValueType>,
  absences: Map<string, string>,
): void {
  for (const load of useCase.loads) {
    if (load.kind === "advisoryLock") absences.set(load.name, `\`${load.name}\` is a lock: it has no value.`);
    else if ("load" in place && place.load.name === load.name) absences.set(load.name, `The load \`${load.name}\` cannot use itself.`);
    else variables.set(load.name, () => once(project, useCase, load, () => loadType(project, load)));
  }
}

/** What a load is in TypeScript; `unknown` where its table is not known (which is reported as such). */
export function loadType(project: Project, load: Load): ValueType {
  if (load.kind === "advisoryLock") return types.unknown;
  if (load.kind === "sequence") {
    const [name = "", of = ""] = load.sequence.split(".");
    const table = findTable(project, name);
    const column = table && findColumn(table, of);
    const id = column === undefined ? types.unknown : types.present(types.fromColumn(column));
    return load.when === undefined ? id : types.nullable(id);
  }
  const row = rowType(project, load);
  if (row.kind === "unknown") return row;
  if (load.aggregate !== undefined) return load.when === undefined ? row : types.nullable(row);
  if (load.cardinality === "many") {
    const keyed = load.keyBy === undefined || row.kind !== "object" ? undefined : row.fields.get(load.keyBy.name);
    if (load.keyBy === undefined) return types.listOf(row);
    return keyed === undefined ? types.unknown : { kind: "map", key: types.present(keyed), value: row };
  }
  return load.cardinality === "optional" || load.when !== undefined ? types.nullable(row) : row;
}

function rowType(project: Project, load: TableLoad): ValueType {
  const table = findTable(project, load.table.name);
  if (table === undefined) return types.unknown;
  const row = types.fromTable(
    table,
    load.columns?.map(({ name }) => name),
  );
  if (load.aggregate === undefined || row.kind !== "object") return row;
  return types.objectOf(
    load.aggregate.map((aggregate) => {
      const column = aggregate.column === undefined ? undefined : row.fields.get(aggregate.column);
      return [aggregate.name, aggregateType(aggregate.function, column)];
    }),
    `totals of ${table.name}`,
  );
}

/** The sum of nothing is 0; the smallest, largest and average of nothing is null. */
function aggregateType(name: "count" | "sum" | "min" | "max" | "avg", column: ValueType | undefined): ValueType {
  if (name === "count") return types.int;
  if (column === undefined) return types.unknown;
  const type = types.present(column);
  if (name === "sum") return type;
  if (name === "avg") return types.nullable(type.kind === "decimal" ? type : types.double);
  return types.nullable(type);
}

/** The result as audit, events and jobs see it. A field without a type has its expression's own. */
export function resultType(project: Project, useCase: UseCase): ValueType {
  return types.objectOf(
    useCase.result.map((field) => [field.name, fieldType(project, useCase, field, { kind: "result", field })]),
    "the result",
  );
}

/** The whole payload of an event or job, computed fields included. */
export function payloadType(project: Project, useCase: UseCase, message: Message): ValueType {
  return types.objectOf(
    message.payload.map((field) => [field.name, fieldType(project, useCase, field, { kind: "payload", message, field })]),
    `the payload of ${message.name}`,
  );
}

/** The type of a result or payload field: as written, or the expression's own as it travels. */
export function fieldType(project: Project, useCase: UseCase, field: Field, place: ExpressionPlace): ValueType {
  const written = types.fromField(project, field);
  if (field.type.kind !== "inferred" || field.from === undefined) return written;
  const type = types.wireType(checkExpression(field.from.source, expressionScope(project, useCase, place)).type);
  return {
    ...type,
    ...((type.nullable === true || field.type.nullable) && { nullable: true }),
    ...((type.optional === true || field.optional) && { optional: true }),
  };
}

/** What the command of a trigger is made of. */
const triggerNames = { event: "event", job: "job", schedule: "slot" } as const;

function triggerType(project: Project, trigger: Trigger): ValueType {
  if (trigger.kind === "schedule") return types.instant;
  const sent = findMessage(project, trigger);
  const payload = sent === undefined ? types.unknown : payloadType(project, sent.useCase, sent.message);
  return types.objectOf(
    [
      ["id", types.openString],
      ["payload", payload],
    ],
    `the ${trigger.kind}`,
  );
}

function objectNamed(name: string, type: ValueType): ValueType {
  return type.kind === "object" ? { ...type, name } : type;
}

// --------------------------------------------------------------------------------------------------- what is known here

function knownAt(project: Project, useCase: UseCase, place: ExpressionPlace, scope: Scope): Facts {
  let facts: Facts = noFacts;
  const learn = (condition: Expression | undefined, truth = true) => {
    if (condition === undefined) return;
    facts = both(facts, checkCondition(condition.source, { ...scope, facts }, truth));
    if (truth) facts = both(facts, loadsWithWhen(useCase, condition));
  };

  const policies = useCase.policies === undefined || useCase.policies === "none" ? [] : useCase.policies;
  const earlier = "policy" in place ? policies.slice(0, Math.max(0, policies.indexOf(place.policy))) : policies;
  // Loads run before any rule; an audit subject is also wanted of a call that a rule has refused.
  if (
    !("load" in place) &&
    !("trigger" in place) &&
    place.kind !== "audit subject" &&
    place.kind !== "actor" &&
    !place.kind.startsWith("idempotency")
  ) {
    // Asked for by every later expression: each rule adds to what was known before it.
    for (const policy of earlier) {
      if (policy.kind !== "rule" || policy.when !== undefined) continue;
      const before = facts;
      facts = once(project, useCase, policy, () => {
        facts = before;
        learn(policy.rule);
        return facts;
      });
    }
  }
  if ("load" in place && place.kind !== "load when") learn(place.load.when);
  if (place.kind === "where") learn(place.condition.when);
  if (place.kind === "delete where") learn(place.condition.when);
  if ("policy" in place && place.kind !== "policy when") learn(place.policy.when);
  if (place.kind === "detail" && place.policy.kind === "rule") learn(place.policy.rule, false);
  if ("message" in place && place.kind !== "message when") learn(place.message.when);
  return facts;
}

/**
 * A load that is raised as missing unless every value of its `in` list finds a row: with the list
 * `lines.map(l, l.sku)`, each line has its row, `levels[l.sku]`.
 */
function guarantees(load: Load): Guarantee[] {
  const list = completeKeys(load);
  if (list?.op !== "rcall" || list.args[0] !== "map") return [];
  const [, over, [variable, body, more]] = list.args;
  const from = plainPath(over);
  const key = body === undefined ? undefined : plainPath(body);
  if (from === undefined || key === undefined || more !== undefined || variable?.op !== "id") return [];
  const step = key === variable.args ? "" : key.startsWith(`${variable.args}.`) ? key.slice(variable.args.length) : undefined;
  return step === undefined ? [] : [{ list: from, key: step, map: load.name }];
}

/** The same for a written list: `[command.from, command.to]`. */
function foundRows(useCase: UseCase): Facts {
  const facts = new Map<string, Fact>();
  for (const load of useCase.loads) {
    const list = completeKeys(load);
    for (const key of list?.op === "list" ? list.args : []) {
      const path = plainPath(key);
      if (path !== undefined) facts.set(`${load.name}[${path}]`, { present: true, seenAt: undefined });
    }
  }
  return facts;
}

/** The `in` list of a `keyBy` load of which every value has found a row, or the call was refused. */
function completeKeys(load: Load): ASTNode | undefined {
  if (
    load.kind !== "table" ||
    load.keyBy === undefined ||
    load.missing === undefined ||
    load.when !== undefined ||
    load.limit !== undefined
  )
    return undefined;
  const { keyBy } = load;
  const condition = load.where.conditions.find(
    ({ column, operator, when }) => column.name === keyBy.name && operator === "in" && when === undefined,
  );
  if (condition?.value.kind !== "expression") return undefined;
  const parsed = parseExpression(condition.value.expression.source);
  return "ast" in parsed ? parsed.ast : undefined;
}

/** `command.lines`, as facts name it. */
function plainPath(node: ASTNode): string | undefined {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const object = plainPath(node.args[0]);
  return object === undefined ? undefined : `${object}.${node.args[1]}`;
}

/** Where a `when` holds, the loads with the same `when` took place, so that their row is there. */
function loadsWithWhen(useCase: UseCase, condition: Expression): Facts {
  const same = useCase.loads.filter((load) => load.when !== undefined && normalised(load.when.source) === normalised(condition.source));
  return new Map(
    same
      .filter((load) => load.kind === "sequence" || (load.kind === "table" && load.cardinality === "one"))
      .map((load) => [load.name, { present: true, seenAt: undefined }]),
  );
}

function normalised(source: string): string {
  return source.replace(/\s+/g, " ").trim();
}
