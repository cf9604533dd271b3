import type { ExpressionPlace } from "../spec/expression/place.js";
import type { Condition, Config, Expression, Load, Message, Policy, Project, UseCase, Write } from "../spec/model.js";
import { oncePer } from "../spec/once-per.js";
import { allConditions } from "./conditions.js";

/** Takes an expression with what it is for. */
export type OnExpression = (place: ExpressionPlace, expression: Expression) => void;

/**
 * Finds every expression of a use case, in the order of the pipeline, the configuration's (the tenant and the session)
 * included.
 */
export function findExpressions({ config }: Project, useCase: UseCase, found: OnExpression): void {
  const { tenant, session } = configured(config);
  if (tenant !== undefined && !useCase.tenantOff) found({ kind: "actor" }, tenant);
  for (const setting of session) found({ kind: "actor" }, setting);
  const { idempotency, loads, policies, transitions, writes, result, audit, events, jobs, triggers } = useCase;
  if (idempotency !== undefined && idempotency !== "none") {
    const { key, fingerprint } = idempotency;
    if (key !== "caller") found({ kind: "idempotency key" }, key);
    if (fingerprint !== undefined) found({ kind: "idempotency fingerprint" }, fingerprint);
  }
  for (const load of loads) findInLoad(load, found);
  if (policies !== "none") for (const policy of policies ?? []) findInPolicy(policy, found);
  for (const transition of transitions) if (transition.when !== undefined) found({ kind: "transition when", transition }, transition.when);
  for (const write of writes) findInDelete(write, found);
  for (const field of result) if (field.from !== undefined) found({ kind: "result", field }, field.from);
  if (audit?.subject !== undefined) found({ kind: "audit subject" }, audit.subject.id);
  for (const message of events) findInMessage(message, found);
  for (const message of jobs) findInMessage(message, found);
  for (const trigger of triggers) for (const detail of trigger.command) found({ kind: "trigger", trigger, detail }, detail.value);
}

interface Configured {
  readonly tenant: Expression | undefined;
  readonly session: readonly Expression[];
}

/** The expressions of the configuration: the same ones in every use case. */
const configured = oncePer(({ tenant, session, file }: Config): Configured => {
  const at = (source: string, path: Expression["path"]): Expression => ({ source, path, ...(file !== undefined && { file }) });
  return {
    tenant: tenant && at(tenant.value, ["tenant", "value"]),
    session: Object.entries(session).map(([name, source]) => at(source, ["session", name])),
  };
});

function findInLoad(load: Load, found: OnExpression): void {
  if (load.when !== undefined) found({ kind: "load when", load }, load.when);
  if (load.kind === "advisoryLock") found({ kind: "advisory lock", load }, load.key);
  if (load.kind !== "table") return;
  const conditions = allConditions(load.where);
  for (const condition of conditions) {
    const { value, when } = condition;
    if (value.kind === "expression") found({ kind: "where", load, condition }, value.expression);
    if (when !== undefined && isFirst(condition, conditions)) found({ kind: "condition when", load, condition }, when);
  }
}

function findInDelete({ table: { name: table }, delete: where }: Write, found: OnExpression): void {
  if (typeof where !== "object") return;
  const conditions = allConditions(where);
  for (const condition of conditions) {
    const { value, when } = condition;
    if (value.kind === "expression") found({ kind: "delete where", table, condition }, value.expression);
    if (when !== undefined && isFirst(condition, conditions)) found({ kind: "delete when", table, condition }, when);
  }
}

/** One `when` stands beside several operators of a column. */
function isFirst(condition: Condition, conditions: readonly Condition[]): boolean {
  return conditions.find(({ when }) => when === condition.when) === condition;
}

function findInPolicy(policy: Policy, found: OnExpression): void {
  if (policy.when !== undefined) found({ kind: "policy when", policy }, policy.when);
  if (policy.kind === "permission" && policy.resource !== undefined) found({ kind: "resource", policy }, policy.resource);
  if (policy.kind !== "rule") return;
  found({ kind: "rule", policy }, policy.rule);
  for (const detail of policy.details) found({ kind: "detail", policy, detail }, detail.value);
}

function findInMessage(message: Message, found: OnExpression): void {
  const { when, payload, key, at, dedupeKey } = message;
  if (when !== undefined) found({ kind: "message when", message }, when);
  for (const field of payload) if (field.from !== undefined) found({ kind: "payload", message, field }, field.from);
  if (key !== undefined) found({ kind: "message key", message }, key);
  if (at !== undefined) found({ kind: "job at", message }, at);
  if (dedupeKey !== undefined) found({ kind: "dedupe key", message }, dedupeKey);
}
