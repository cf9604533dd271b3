import type { ExpressionPlace } from "../spec/expression/place.js";
import type { Expression, Load, Policy, Project, UseCase, Write } from "../spec/model.js";
import { allConditions } from "./conditions.js";

/** An expression with what it is for. */
export interface PlacedExpression {
  readonly place: ExpressionPlace;
  readonly expression: Expression;
}

/**
 * Every expression of a use case, in the order of the pipeline, the configuration's (the tenant and the session) included.
 */
export function* expressionsOf({ config }: Project, useCase: UseCase): Iterable<PlacedExpression> {
  if (config.tenant !== undefined && !useCase.tenantOff) {
    const { value: source } = config.tenant;
    yield {
      place: { kind: "actor" },
      expression: { source, path: ["tenant", "value"], ...(config.file !== undefined && { file: config.file }) },
    };
  }
  for (const [name, source] of Object.entries(config.session)) {
    yield {
      place: { kind: "actor" },
      expression: { source, path: ["session", name], ...(config.file !== undefined && { file: config.file }) },
    };
  }
  const { idempotency, loads, policies, transitions, writes, result, audit, events, jobs, triggers } = useCase;
  if (idempotency !== undefined && idempotency !== "none") {
    if (idempotency.key !== "caller") yield { place: { kind: "idempotency key" }, expression: idempotency.key };
    yield* some({ kind: "idempotency fingerprint" }, idempotency.fingerprint);
  }
  for (const load of loads) yield* inLoad(load);
  for (const policy of policies === undefined || policies === "none" ? [] : policies) yield* inPolicy(policy);
  for (const transition of transitions) yield* some({ kind: "transition when", transition }, transition.when);
  for (const write of writes) yield* inDelete(write);
  for (const field of result) yield* some({ kind: "result", field }, field.from);
  yield* some({ kind: "audit subject" }, audit?.subject?.id);
  for (const message of [...events, ...jobs]) {
    yield* some({ kind: "message when", message }, message.when);
    for (const field of message.payload) yield* some({ kind: "payload", message, field }, field.from);
    yield* some({ kind: "message key", message }, message.key);
    yield* some({ kind: "job at", message }, message.at);
    yield* some({ kind: "dedupe key", message }, message.dedupeKey);
  }
  for (const trigger of triggers)
    for (const detail of trigger.command) yield { place: { kind: "trigger", trigger, detail }, expression: detail.value };
}

function* inLoad(load: Load): Iterable<PlacedExpression> {
  yield* some({ kind: "load when", load }, load.when);
  if (load.kind === "advisoryLock") yield { place: { kind: "advisory lock", load }, expression: load.key };
  if (load.kind !== "table") return;
  const seen = new Set<Expression>();
  for (const condition of allConditions(load.where)) {
    if (condition.value.kind === "expression") yield { place: { kind: "where", load, condition }, expression: condition.value.expression };
    // One `when` stands beside several operators of a column.
    if (condition.when === undefined || seen.has(condition.when)) continue;
    seen.add(condition.when);
    yield { place: { kind: "condition when", load, condition }, expression: condition.when };
  }
}

function* inDelete({ table, delete: where }: Write): Iterable<PlacedExpression> {
  if (typeof where !== "object") return;
  const seen = new Set<Expression>();
  for (const condition of allConditions(where)) {
    if (condition.value.kind === "expression")
      yield { place: { kind: "delete where", table: table.name, condition }, expression: condition.value.expression };
    if (condition.when === undefined || seen.has(condition.when)) continue;
    seen.add(condition.when);
    yield { place: { kind: "delete when", table: table.name, condition }, expression: condition.when };
  }
}

function* inPolicy(policy: Policy): Iterable<PlacedExpression> {
  yield* some({ kind: "policy when", policy }, policy.when);
  if (policy.kind === "permission") yield* some({ kind: "resource", policy }, policy.resource);
  if (policy.kind !== "rule") return;
  yield { place: { kind: "rule", policy }, expression: policy.rule };
  for (const detail of policy.details) yield { place: { kind: "detail", policy, detail }, expression: detail.value };
}

function* some(place: ExpressionPlace, expression: Expression | undefined): Iterable<PlacedExpression> {
  if (expression !== undefined) yield { place, expression };
}
