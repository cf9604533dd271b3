import type { UseCase } from "../../spec/model.js";
import { kebabCase, sentence } from "../../spec/names.js";
import { array, type Code, object, objectOf } from "../code/code.js";
import { literal, numberLiteral, propertyKey } from "../encode.js";
import { messageDefinitions } from "./definition-messages.js";
import { policyDefinitions, transitionDefinitions } from "./definition-policies.js";
import { deletesDefinition, locksDefinition, sequencesDefinition, stateDefinition } from "./definition-state.js";
import { triggerDefinitions } from "./definition-triggers.js";
import { secretFields } from "./secret-fields.js";
import { tenantFunction } from "./tenant.js";
import { tableLoads, type UseCaseParts } from "./use-case-parts.js";

/** The definition: what the spec says, as data for the runtime. `schema` is the command's schema, as code. */
export function definition(parts: UseCaseParts, schema: string): Code {
  const { useCase, expressions } = parts;
  const { name, file, kind, policies, transitions, result, events, jobs } = useCase;
  const secrets = secretFields(useCase.command, parts.context.project);
  const order = lockOrder(parts);
  const { casing } = parts.context.project.config;
  return object(
    {
      name: literal(name),
      spec: literal(file),
      query: kind === "query" ? "true" : undefined,
      command: schema,
      secretFields: secrets.length === 0 ? undefined : array(secrets.map(literal)),
      idempotency: idempotency(parts),
      tenant: parts.tenantScoped ? tenantFunction(parts) : undefined,
      lockOrder: order.length === 0 ? undefined : array(order.map(literal)),
      prepare: prepare(useCase),
      state: stateDefinition(parts),
      sequences: sequencesDefinition(parts),
      advisoryLocks: locksDefinition(parts),
      policies: policyDefinitions(policies === "none" ? [] : (policies ?? []), parts),
      transitions: transitions.length === 0 ? undefined : transitionDefinitions(transitions, parts),
      writes: writes(parts),
      deletes: deletesDefinition(parts),
      computedResult: expressions.computed(result, (field) => ({ kind: "result", field })),
      secretResult: secretResult(useCase),
      errors: errors(parts),
      audit: audit(parts),
      events: events.length === 0 ? undefined : messageDefinitions(events, parts),
      jobs: jobs.length === 0 ? undefined : messageDefinitions(jobs, parts),
      triggers: triggerDefinitions(parts),
      tx: useCase.tx && literal(useCase.tx),
      casing: useCase.tx && casing && literal(casing),
      session: session(parts),
      transaction: transaction(useCase),
    },
    { expanded: true },
  );
}

function idempotency({ useCase, expressions, tenantScoped }: UseCaseParts): Code | undefined {
  const spec = useCase.idempotency;
  if (spec === undefined || spec === "none") return undefined;
  return object({
    key: spec.key === "caller" ? literal("caller") : expressions.function(spec.key, { kind: "idempotency key" }),
    scope: literal(spec.scope ?? (tenantScoped ? "tenant" : "actor")),
    retentionSeconds: numberLiteral(spec.retentionSeconds),
    refusals: spec.refusals === "remember" ? literal("remember") : undefined,
    fingerprint: spec.fingerprint === undefined ? undefined : expressions.function(spec.fingerprint, { kind: "idempotency fingerprint" }),
  });
}

function prepare({ prepare: preparations }: UseCase): Code | undefined {
  if (preparations.length === 0) return undefined;
  const entries = preparations.map(({ name, timeoutMs, error }) => ({
    key: propertyKey(name),
    value: object({ timeoutMs: numberLiteral(timeoutMs), error: error && literal(error.name) }),
  }));
  return objectOf(entries, { expanded: true });
}

/** The configured order of those tables that this use case touches; the others follow by name. */
function lockOrder({ useCase, context }: UseCaseParts): readonly string[] {
  const touched = new Set([...tableLoads(useCase.loads), ...useCase.writes].map(({ table }) => table.name));
  return context.project.config.lockOrder.filter((table) => touched.has(table));
}

function writes({ useCase, repository }: UseCaseParts): Code {
  const names = (columns: readonly { readonly name: string }[]) => array(columns.map(({ name }) => literal(name)));
  const entries = useCase.writes.map((write) => ({
    key: propertyKey(write.table.name),
    value: object({
      into: repository(write.table.name),
      insert: write.insert ? "true" : undefined,
      update: write.update === undefined ? undefined : write.update === "any" ? "true" : names(write.update),
      increment: write.increment === undefined ? undefined : names(write.increment),
      upsert: write.upsert && object({ key: names(write.upsert.key), update: names(write.upsert.update) }),
      delete: write.delete === "row" ? "true" : undefined,
    }),
  }));
  return objectOf(entries, { expanded: true });
}

function secretResult({ result }: UseCase): Code | undefined {
  const secrets = result.filter(({ type }) => type.secret);
  return secrets.length === 0 ? undefined : array(secrets.map(({ name }) => literal(name)));
}

function errors(parts: UseCaseParts): Code {
  const entries = parts.errors.map((error) => ({
    key: propertyKey(error.name),
    value: object({
      kind: literal(error.kind),
      message: literal(error.message ?? sentence(error.name)),
      constraints: error.constraints.length === 0 ? undefined : array(error.constraints.map(({ name }) => literal(name))),
    }),
  }));
  return objectOf(entries, { expanded: true });
}

function audit({ useCase, expressions }: UseCaseParts): Code | undefined {
  const spec = useCase.audit;
  if (spec === undefined && useCase.kind === "query") return undefined;
  const subject = spec?.subject;
  const reason = spec?.reason ?? "optional";
  return object(
    {
      action: literal(spec?.action ?? kebabCase(useCase.name)),
      subject: subject && object({ type: literal(subject.type), id: expressions.function(subject.id, { kind: "audit subject" }) }),
      reason: reason === "optional" ? undefined : literal(reason),
    },
    { expanded: subject !== undefined },
  );
}

function session({ context, expressions }: UseCaseParts): Code | undefined {
  const settings = Object.entries(context.project.config.session).map(([name, source]) => ({
    key: propertyKey(name),
    value: expressions.function({ source, path: ["session", name] }, { kind: "actor" }),
  }));
  return settings.length === 0 ? undefined : objectOf(settings);
}

function transaction({ transaction: { isolation, lockTimeoutMs, statementTimeoutMs, retries } }: UseCase): Code {
  return object({
    isolation: isolation === "serializable" ? literal(isolation) : undefined,
    lockTimeoutMs: numberLiteral(lockTimeoutMs),
    statementTimeoutMs: numberLiteral(statementTimeoutMs),
    retries: numberLiteral(retries),
  });
}
