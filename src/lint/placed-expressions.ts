import type { ExpressionPlace } from "../spec/expression/place.js";
import type { Condition, Config, Expression, Load, Message, Policy, Project, UseCase, Write } from "../spec/model.js";
import { oncePer } from "../spec/once-per.js";
import { allConditions } from "./conditions.js";

/** An expression with what it is for. */
export interface PlacedExpression {
  readonly place: ExpressionPlace;
  readonly expression: Expression;
}

/**
 * Every expression of a use case, in the order of the pipeline, the configuration's (the tenant and the session) included.
 */
export function expressionsOf({ config }: Project, useCase: UseCase): readonly PlacedExpression[] {
  const found: PlacedExpression[] = [];
  const { tenant, session } = configured(config);
  if (tenant !== undefined && !useCase.tenantOff) found.push(tenant);
  found.push(...session);
  const { idempotency, loads, policies, transitions, writes, result, audit, events, jobs, triggers } = useCase;
  if (idempotency !== undefined && idempotency !== "none") {
    const { key, fingerprint } = idempotency;
    if (key !== "caller") add(found, { kind: "idempotency key" }, key);
    if (fingerprint !== undefined) add(found, { kind: "idempotency fingerprint" }, fingerprint);
  }
  for (const load of loads) addLoad(found, load);
  if (policies !== "none") for (const policy of policies ?? []) addPolicy(found, policy);
  for (const transition of transitions)
    if (transition.when !== undefined) add(found, { kind: "transition when", transition }, transition.when);
  for (const write of writes) addDelete(found, write);
  for (const field of result) if (field.from !== undefined) add(found, { kind: "result", field }, field.from);
  if (audit?.subject !== undefined) add(found, { kind: "audit subject" }, audit.subject.id);
  for (const message of events) addMessage(found, message);
  for (const message of jobs) addMessage(found, message);
  for (const trigger of triggers) for (const detail of trigger.command) add(found, { kind: "trigger", trigger, detail }, detail.value);
  return found;
}

interface Configured {
  readonly tenant: PlacedExpression | undefined;
  readonly session: readonly PlacedExpression[];
}

/** The expressions of the configuration: the same ones in every use case. */
const configured = oncePer(({ tenant, session, file }: Config): Configured => {
  const placed = (source: string, path: Expression["path"]): PlacedExpression => ({
    place: { kind: "actor" },
    expression: { source, path, ...(file !== undefined && { file }) },
  });
  return {
    tenant: tenant && placed(tenant.value, ["tenant", "value"]),
    session: Object.entries(session).map(([name, source]) => placed(source, ["session", name])),
  };
});

function add(found: PlacedExpression[], place: ExpressionPlace, expression: Expression): void {
  found.push({ place, expression });
}

function addLoad(found: PlacedExpression[], load: Load): void {
  if (load.when !== undefined) add(found, { kind: "load when", load }, load.when);
  if (load.kind === "advisoryLock") add(found, { kind: "advisory lock", load }, load.key);
  if (load.kind !== "table") return;
  addConditions(
    found,
    allConditions(load.where),
    (condition) => ({ kind: "where", load, condition }),
    (condition) => ({ kind: "condition when", load, condition }),
  );
}

function addDelete(found: PlacedExpression[], { table: { name: table }, delete: where }: Write): void {
  if (typeof where !== "object") return;
  addConditions(
    found,
    allConditions(where),
    (condition) => ({ kind: "delete where", table, condition }),
    (condition) => ({ kind: "delete when", table, condition }),
  );
}

function addConditions(
  found: PlacedExpression[],
  conditions: readonly Condition[],
  placeOf: (condition: Condition) => ExpressionPlace,
  whenPlaceOf: (condition: Condition) => ExpressionPlace,
): void {
  // One `when` stands beside several operators of a column.
  const seen = new Set<Expression>();
  for (const condition of conditions) {
    const { value, when } = condition;
    if (value.kind === "expression") add(found, placeOf(condition), value.expression);
    if (when === undefined || seen.has(when)) continue;
    seen.add(when);
    add(found, whenPlaceOf(condition), when);
  }
}

function addPolicy(found: PlacedExpression[], policy: Policy): void {
  if (policy.when !== undefined) add(found, { kind: "policy when", policy }, policy.when);
  if (policy.kind === "permission" && policy.resource !== undefined) add(found, { kind: "resource", policy }, policy.resource);
  if (policy.kind !== "rule") return;
  add(found, { kind: "rule", policy }, policy.rule);
  for (const detail of policy.details) add(found, { kind: "detail", policy, detail }, detail.value);
}

function addMessage(found: PlacedExpression[], message: Message): void {
  const { when, payload, key, at, dedupeKey } = message;
  if (when !== undefined) add(found, { kind: "message when", message }, when);
  for (const field of payload) if (field.from !== undefined) add(found, { kind: "payload", message, field }, field.from);
  if (key !== undefined) add(found, { kind: "message key", message }, key);
  if (at !== undefined) add(found, { kind: "job at", message }, at);
  if (dedupeKey !== undefined) add(found, { kind: "dedupe key", message }, dedupeKey);
}
