import { findMessage } from "../find-message.js";
import type { Expression, Field, Load, Message, Policy, Project, Trigger, UseCase } from "../model.js";
import { type CheckedExpression, checkExpression, isSound } from "./check.js";
import { conditionFacts } from "./condition-facts.js";
import type { Names } from "./context.js";
import { both, type Facts, type Guarantee, noFacts, unseen } from "./facts.js";
import { type ExpressionPlace, expectedType } from "./place.js";
import { foundRows, guarantees, loadsWithWhen } from "./promises.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";
import { requiresTenant } from "./variable-types.js";
import { actorVariables, callVariables, LaterVariables, type Sight, triggerVariables, type VariableSource } from "./variables.js";

export type { ExpressionPlace } from "./place.js";
export { expectedType } from "./place.js";
export { requiresTenant } from "./variable-types.js";

/** What an expression may name at its place, and what is already known there. */
export interface Scope {
  readonly variables: Names;
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
  return scopeAt(partsOf(project, useCase), place);
}

/** An expression of a use case, checked in its scope and against what its place expects. */
export function checkAt(project: Project, useCase: UseCase, place: ExpressionPlace, expression: Expression): CheckedExpression {
  const scope = scopeAt(partsOf(project, useCase), place);
  return scope.checked.get(expression) ?? checkIn(scope, expression, expectedType(project, useCase, place));
}

// ---------------------------------------------------------------------------------------------------- results, messages

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
  if (field.type.kind !== "inferred" || field.from === undefined) return types.fromField(project, field);
  const type = types.wireType(checkAt(project, useCase, place, field.from).type);
  return {
    ...type,
    ...((type.nullable === true || field.type.nullable) && { nullable: true }),
    ...((type.optional === true || field.optional) && { optional: true }),
  };
}

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

// -------------------------------------------------------------------------------------------------- scopes of a use case

/** What the scopes of a use case share: its expressions all have much the same, but for a name or two. */
interface Parts extends VariableSource {
  /** The rows that are there for certain. */
  readonly rows: Facts;
  readonly guarantees: readonly Guarantee[];
  readonly scopes: Map<Load | Message | Policy | Trigger | "call" | "decision" | "decided" | "audit" | "outcome", PartScope>;
}

interface PartScope extends Scope {
  /** What the conditions before have checked, as they see it of each other. */
  readonly learnt: Facts;
  readonly checked: Map<Expression, CheckedExpression>;
  /** The scopes where a condition holds too. */
  narrowed: Map<Expression, PartScope> | undefined;
}

/** Kept for the use case that was asked about last: thousands follow each other, and none comes back. */
let last: Parts | undefined;

function partsOf(project: Project, useCase: UseCase): Parts {
  if (last?.project === project && last.useCase === useCase) return last;
  last = {
    project,
    useCase,
    loads: new Map(useCase.loads.map((load) => [load.name, load])),
    rows: foundRows(useCase),
    guarantees: useCase.loads.flatMap(guarantees),
    types: new Map(),
    scopes: new Map(),
    result: () => resultType(project, useCase),
    payload: (message) => payloadType(project, useCase, message),
  };
  return last;
}

function scopeAt(parts: Parts, place: ExpressionPlace): PartScope {
  switch (place.kind) {
    case "actor":
      return actorScope(parts);
    case "idempotency key":
    case "idempotency fingerprint":
      return parts.scopes.get("call") ?? keep(parts, "call", createScope(callVariables(parts), parts, noFacts));
    case "load when":
      return beside(parts, place.load);
    case "advisory lock":
    case "condition when":
      return where(parts, beside(parts, place.load), place.load.when);
    case "where":
      return where(parts, where(parts, beside(parts, place.load), place.load.when), place.condition.when);
    case "policy when":
      return before(parts, place.policy);
    case "resource":
    case "rule":
      return where(parts, before(parts, place.policy), place.policy.when);
    case "detail":
      return parts.scopes.get(place.policy) ?? keep(parts, place.policy, refused(parts, place.policy));
    case "transition when":
    case "delete when":
    case "result":
      return decided(parts);
    case "delete where":
      return where(parts, decided(parts), place.condition.when);
    case "audit subject":
      // It is also wanted of a call that a rule has refused.
      return parts.scopes.get("audit") ?? keep(parts, "audit", createScope(new LaterVariables(parts, outcome), parts, noFacts));
    case "message when":
      return sent(parts);
    case "payload":
    case "job at":
      return where(parts, sent(parts), place.message.when);
    case "message key":
    case "dedupe key":
      return where(parts, keyed(parts, place.message), place.message.when);
    case "trigger":
      return parts.scopes.get(place.trigger) ?? keep(parts, place.trigger, triggered(parts, place.trigger));
  }
}

/** Beside the other loads. */
function beside(parts: Parts, own: Load): PartScope {
  return parts.scopes.get(own) ?? keep(parts, own, createScope(new LaterVariables(parts, { ...decision, own }), parts, noFacts));
}

function before(parts: Parts, policy: Policy): PartScope {
  const { policies } = parts.useCase;
  return policies === undefined || policies === "none" ? undecided(parts) : afterRules(parts, policies, policies.indexOf(policy));
}

function decided(parts: Parts): PartScope {
  return parts.scopes.get("decided") ?? keep(parts, "decided", afterAllRules(parts));
}

function undecided(parts: Parts): PartScope {
  return parts.scopes.get("decision") ?? keep(parts, "decision", createScope(new LaterVariables(parts, decision), parts, noFacts));
}

function afterAllRules(parts: Parts): PartScope {
  const { policies } = parts.useCase;
  return policies === undefined || policies === "none" ? undecided(parts) : afterRules(parts, policies, policies.length);
}

/** After so many of the policies: each rule adds to what was known before it. */
function afterRules(parts: Parts, policies: readonly Policy[], count: number): PartScope {
  let scope = undecided(parts);
  for (let index = 0; index < count; index++) {
    const policy = policies[index];
    if (policy?.kind === "rule" && policy.when === undefined) scope = where(parts, scope, policy.rule);
  }
  return scope;
}

/** In the details of a rule, which has failed. */
function refused(parts: Parts, policy: Policy): PartScope {
  const scope = where(parts, before(parts, policy), policy.when);
  return policy.kind === "rule" ? knowing(parts, scope, both(scope.learnt, factsOf(policy.rule, scope, false))) : scope;
}

function sent(parts: Parts): PartScope {
  const { scopes } = parts;
  return scopes.get("outcome") ?? keep(parts, "outcome", createScope(new LaterVariables(parts, outcome), parts, decided(parts).learnt));
}

function keyed(parts: Parts, message: Message): PartScope {
  const known = parts.scopes.get(message);
  if (known !== undefined) return known;
  return keep(parts, message, createScope(new LaterVariables(parts, { ...outcome, keyed: message }), parts, decided(parts).learnt));
}

function triggered(parts: Parts, trigger: Trigger): PartScope {
  const typeOf = () => {
    const type = triggerType(parts.project, trigger);
    // Another use case was asked about meanwhile.
    last = parts;
    return type;
  };
  return createScope(triggerVariables(parts, trigger, typeOf), parts, noFacts);
}

/** The tenant and the session are the same for all use cases. */
function actorScope({ project, useCase }: Parts): PartScope {
  const withTenant = requiresTenant(project, useCase);
  const scopes = actorScopes.get(project) ?? new Map<boolean, PartScope>();
  actorScopes.set(project, scopes);
  const scope = scopes.get(withTenant) ?? createScope(actorVariables(project, withTenant), { rows: noFacts, guarantees: [] }, noFacts);
  scopes.set(withTenant, scope);
  return scope;
}

const actorScopes = new WeakMap<Project, Map<boolean, PartScope>>();

const decision: Sight = { own: undefined, hasResult: false, keyed: undefined };
const outcome: Sight = { own: undefined, hasResult: true, keyed: undefined };

function keep({ scopes }: Parts, of: Parameters<Parts["scopes"]["get"]>[0], scope: PartScope): PartScope {
  scopes.set(of, scope);
  return scope;
}

function createScope(variables: Names, { rows, guarantees }: Pick<Parts, "rows" | "guarantees">, learnt: Facts): PartScope {
  return { variables, facts: unseen(both(rows, learnt)), guarantees, learnt, checked: new Map(), narrowed: undefined };
}

// --------------------------------------------------------------------------------------------------- what is known there

/** The scope inside a part with a condition. */
function where(parts: Parts, scope: PartScope, condition: Expression | undefined): PartScope {
  if (condition === undefined) return scope;
  scope.narrowed ??= new Map();
  const known = scope.narrowed.get(condition);
  if (known !== undefined) return known;
  const learnt = both(both(scope.learnt, factsOf(condition, scope, true)), loadsWithWhen(parts.useCase, condition));
  const narrowed = knowing(parts, scope, learnt);
  scope.narrowed.set(condition, narrowed);
  return narrowed;
}

function knowing(parts: Parts, scope: PartScope, learnt: Facts): PartScope {
  return learnt === scope.learnt ? scope : createScope(scope.variables, parts, learnt);
}

/** What a condition tells that holds in a scope, or (`holds: false`) does not; nothing if it is not sound. */
function factsOf(condition: Expression, scope: PartScope, holds: boolean): Facts {
  // The conditions of a call see each other as those of one expression do, not as a later part sees them.
  const checked =
    scope.facts.size === 0 ? checkIn(scope, condition, types.bool) : checkExpression(condition.source, scope, undefined, scope.learnt);
  return checked.tree !== undefined && isSound(checked.problems) ? conditionFacts(checked.tree, holds, 0) : noFacts;
}

function checkIn(scope: PartScope, expression: Expression, expected: ValueType | undefined): CheckedExpression {
  const known = scope.checked.get(expression);
  if (known !== undefined) return known;
  const checked = checkExpression(expression.source, scope, expected);
  scope.checked.set(expression, checked);
  return checked;
}
