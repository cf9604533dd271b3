import type { Config, ErrorDeclaration, Idempotency, Message, Policy, Transaction, Transition, Trigger, UseCase } from "../model.js";
import { buildError } from "./build-error.js";
import { buildLoad } from "./build-load.js";
import { buildMessage } from "./build-message.js";
import { buildDetails, buildPolicies } from "./build-policies.js";
import type { SharedLookup } from "./build-shared.js";
import { buildFields } from "./build-type.js";
import { buildWrite } from "./build-write.js";
import {
  type Cursor,
  child,
  type Entry,
  entries,
  expression,
  isText,
  items,
  name,
  names,
  number,
  optionalExpression,
  optionalName,
  text,
} from "./cursor.js";
import { durationMs, durationSeconds } from "./duration.js";

const daySeconds = 86_400;
/** Nobody waits for ever for an answer from outside. */
const prepareTimeoutMs = 10_000;

/** The model of one use case whose structure has been checked. */
export function buildUseCase(at: Cursor, shared: SharedLookup, config: Config): UseCase {
  const transitions = items(child(at, "transitions")).map(buildTransition);
  const writes = entries(child(at, "writes")).map(buildWrite);
  const events = buildMessages("event", child(at, "events"), shared);
  const jobs = buildMessages("job", child(at, "jobs"), shared);
  const tx = text(at, "tx") as UseCase["tx"];
  const changes = writes.length + transitions.length + events.length + jobs.length > 0 || tx === "write";
  const deprecated = child(at, "deprecated")?.value;
  return {
    path: at.path,
    file: at.document.file,
    name: text(at, "usecase") ?? "",
    summary: text(at, "summary") ?? "",
    description: text(at, "description"),
    tags: items(child(at, "tags")).map(({ value }) => String(value)),
    owner: text(at, "owner"),
    deprecated: typeof deprecated === "string" || typeof deprecated === "boolean" ? deprecated : undefined,
    kind: changes ? "action" : "query",
    command: buildFields(child(at, "command")),
    idempotency: buildIdempotency(child(at, "idempotency")),
    prepare: entries(child(at, "prepare")).map((prepare) => ({
      path: prepare.path,
      file: prepare.file,
      name: prepare.key,
      fields: buildFields(child(prepare, "fields")),
      timeoutMs: durationMs(text(prepare, "timeout")) ?? prepareTimeoutMs,
      error: optionalName(child(prepare, "error")),
    })),
    loads: entries(child(at, "state")).map(buildLoad),
    policies: buildPolicyList(child(at, "policies"), shared),
    transitions,
    writes,
    result: buildFields(child(at, "result")),
    errors: buildErrors(child(at, "errors"), shared),
    audit: buildAudit(child(at, "audit")),
    events,
    jobs,
    triggers: items(child(at, "triggers")).map(buildTrigger),
    uses: names(child(at, "uses")),
    tx,
    transaction: buildTransaction(child(at, "transaction"), at, config),
    tenantOff: text(at, "tenant") === "none",
  };
}

function buildIdempotency(at: Cursor | undefined): Idempotency | "none" | undefined {
  if (at === undefined) return undefined;
  const key = child(at, "key");
  if (key === undefined) return "none";
  return {
    path: at.path,
    file: at.file,
    key: key.value === "caller" ? "caller" : expression(key),
    scope: text(at, "scope") as Idempotency["scope"],
    retentionSeconds: durationSeconds(text(at, "retention")) ?? daySeconds,
    fingerprint: optionalExpression(child(at, "fingerprint")),
    refusals: (text(at, "refusals") ?? "forget") as Idempotency["refusals"],
  };
}

function buildPolicyList(at: Cursor | undefined, shared: SharedLookup): readonly Policy[] | "none" | undefined {
  if (at === undefined) return undefined;
  return isText(at) ? "none" : buildPolicies(at, shared.policies);
}

function buildTransition(at: Cursor): Transition {
  return {
    path: at.path,
    file: at.file,
    load: name(child(at, "state") ?? at),
    machine: name(child(at, "machine") ?? at),
    event: name(child(at, "event") ?? at),
    when: optionalExpression(child(at, "when")),
  };
}

function buildErrors(at: Cursor | undefined, shared: SharedLookup): ErrorDeclaration[] {
  if (!Array.isArray(at?.value)) return entries(at).map(buildError);
  return items(at).flatMap((item) => (isText(item) ? shared.error(item) : entries(item).map(buildError)));
}

function buildMessages(kind: Message["kind"], at: Cursor | undefined, shared: SharedLookup): Message[] {
  const build = (message: Entry) => buildMessage(kind, message);
  if (!Array.isArray(at?.value)) return entries(at).map(build);
  return items(at).flatMap((item) => (isText(item) ? shared.message(kind, item) : entries(item).map(build)));
}

function buildAudit(at: Cursor | undefined): UseCase["audit"] {
  if (at === undefined) return undefined;
  const subject = child(at, "subject");
  const id = subject === undefined ? undefined : child(subject, "id");
  return {
    path: at.path,
    file: at.file,
    action: text(at, "action"),
    subject:
      subject === undefined || id === undefined ? undefined : { type: text(subject, "type") ?? "", id: expression(id), path: subject.path },
    reason: (text(at, "reason") ?? "optional") as "required" | "optional" | "none",
  };
}

function buildTrigger(at: Cursor): Trigger {
  const { path, file } = at;
  const command = buildDetails(child(at, "command"));
  const ignore = names(child(at, "ignore"));
  const job = text(at, "job");
  if (job !== undefined) return { path, file, command, ignore, kind: "job", job };
  const event = text(at, "event");
  if (event !== undefined) return { path, file, command, ignore, kind: "event", event, version: number(at, "version") ?? 1 };
  const missed = (text(at, "missed") ?? "latest") as "latest" | "all" | "none";
  const schedule = text(at, "schedule") ?? "";
  return { path, file, command, ignore, kind: "schedule", schedule, timeZone: optionalName(child(at, "timeZone")), missed };
}

function buildTransaction(at: Cursor | undefined, root: Cursor, { transaction: defaults }: Config): Transaction {
  const here = at ?? root;
  return {
    path: here.path,
    file: here.file,
    isolation: text(at, "isolation") === "serializable" ? "serializable" : "read committed",
    lockTimeoutMs: durationMs(text(at, "lockTimeout")) ?? defaults.lockTimeoutMs,
    statementTimeoutMs: durationMs(text(at, "statementTimeout")) ?? defaults.statementTimeoutMs,
    retries: number(at, "retries") ?? defaults.retries,
  };
}
