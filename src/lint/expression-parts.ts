import type { Condition, Detail, Expression, Field, Load, Message, Policy, TableLoad, Transition, UseCase } from "../spec/model.js";
import { allConditions } from "./conditions.js";

/** Where in a use case an expression stands: what it may name, and what type it must have, follows from that. */
export type ExpressionPart =
  | { readonly kind: "idempotency key" }
  | { readonly kind: "idempotency fingerprint" }
  | { readonly kind: "load when"; readonly load: Load }
  | { readonly kind: "advisory lock"; readonly load: Load }
  | { readonly kind: "where"; readonly load: TableLoad; readonly condition: Condition }
  | { readonly kind: "condition when"; readonly load: TableLoad; readonly condition: Condition }
  | { readonly kind: "policy when"; readonly policy: Policy }
  | { readonly kind: "resource"; readonly policy: Policy }
  | { readonly kind: "rule"; readonly policy: Policy }
  | { readonly kind: "detail"; readonly policy: Policy; readonly detail: Detail }
  | { readonly kind: "transition when"; readonly transition: Transition }
  | { readonly kind: "result"; readonly field: Field }
  | { readonly kind: "audit subject" }
  | { readonly kind: "message when"; readonly message: Message }
  | { readonly kind: "message key"; readonly message: Message }
  | { readonly kind: "payload"; readonly message: Message; readonly field: Field }
  | { readonly kind: "job at"; readonly message: Message }
  | { readonly kind: "dedupe key"; readonly message: Message };

export interface PartExpression {
  readonly part: ExpressionPart;
  readonly expression: Expression;
}

/**
 * Every expression of a use case, in the order of the pipeline. Not those of parts that are not supported yet
 * (`spec/unsupported` refuses the part as a whole).
 */
export function* expressionsOf(useCase: UseCase): Iterable<PartExpression> {
  const { idempotency, loads, policies, transitions, result, audit, events, jobs } = useCase;
  if (idempotency !== undefined && idempotency !== "none") {
    if (idempotency.key !== "caller") yield { part: { kind: "idempotency key" }, expression: idempotency.key };
    yield* some({ kind: "idempotency fingerprint" }, idempotency.fingerprint);
  }
  for (const load of loads) yield* inLoad(load);
  for (const policy of policies === undefined || policies === "none" ? [] : policies) yield* inPolicy(policy);
  for (const transition of transitions) yield* some({ kind: "transition when", transition }, transition.when);
  for (const field of result) yield* some({ kind: "result", field }, field.from);
  yield* some({ kind: "audit subject" }, audit?.subject?.id);
  for (const message of [...events, ...jobs]) {
    yield* some({ kind: "message when", message }, message.when);
    for (const field of message.payload) yield* some({ kind: "payload", message, field }, field.from);
    yield* some({ kind: "message key", message }, message.key);
    yield* some({ kind: "job at", message }, message.at);
    yield* some({ kind: "dedupe key", message }, message.dedupeKey);
  }
}

function* inLoad(load: Load): Iterable<PartExpression> {
  yield* some({ kind: "load when", load }, load.when);
  if (load.kind === "advisoryLock") yield { part: { kind: "advisory lock", load }, expression: load.key };
  if (load.kind !== "table") return;
  const seen = new Set<Expression>();
  for (const condition of allConditions(load.where)) {
    if (condition.value.kind === "expression") yield { part: { kind: "where", load, condition }, expression: condition.value.expression };
    // One `when` stands beside several operators of a column.
    if (condition.when === undefined || seen.has(condition.when)) continue;
    seen.add(condition.when);
    yield { part: { kind: "condition when", load, condition }, expression: condition.when };
  }
}

function* inPolicy(policy: Policy): Iterable<PartExpression> {
  yield* some({ kind: "policy when", policy }, policy.when);
  if (policy.kind === "permission") yield* some({ kind: "resource", policy }, policy.resource);
  if (policy.kind !== "rule") return;
  yield { part: { kind: "rule", policy }, expression: policy.rule };
  for (const detail of policy.details) yield { part: { kind: "detail", policy, detail }, expression: detail.value };
}

function* some(part: ExpressionPart, expression: Expression | undefined): Iterable<PartExpression> {
  if (expression !== undefined) yield { part, expression };
}
