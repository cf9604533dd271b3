import type { ExpressionPlace } from "../../spec/expression/place.js";
import type { Rule } from "../rule.js";
import { isPlain, secretFields, secretPaths, secretsIn } from "../secret-paths.js";

export const secretLeak: Rule = {
  id: "secret/leak",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a secret in an event, a job, a key, a subject, an error's details or a plain result",
  why: "These are stored, delivered and shown: a secret in one of them is none any more.",
  bad: {
    spec: `
command:
  orderId: uuid
  accessCode: { type: string, maxLength: 20, secret: true }
jobs:
  NotifyCarrier:
    payload:
      code: { from: command.accessCode }  # found here
`,
  },
  good: {
    spec: `
command:
  orderId: uuid
  accessCode: { type: string, maxLength: 20, secret: true }
jobs:
  NotifyCarrier:
    payload:
      given: { from: command.accessCode != '' }
`,
  },
  check({ project, useCase, expressions }, report) {
    for (const { kind, name, payload } of [...useCase.events, ...useCase.jobs])
      for (const field of payload)
        for (const path of isPlain(field.type) ? [] : secretFields(project, [field], name))
          report({ at: field, on: "key", message: `${path} is secret, which nothing in ${an(kind)} can be.` });

    const secrets = secretPaths(project, useCase);
    if (secrets.length === 0) return;
    for (const { place, expression, checked } of expressions()) {
      const where = destination(place);
      if (where === undefined) continue;
      const found = checked.tree === undefined ? [] : [...secretsIn(checked.tree, secrets)];
      if (found.length > 0)
        report({
          at: expression,
          message: `${found.join(" and ")} ${found.length === 1 ? "is" : "are"} secret and must not be in ${where}.`,
        });
    }
  },
};

const an = (kind: "event" | "job") => (kind === "event" ? "an event" : "a job");

/** What a value ends up in, where no secret may be. */
function destination(place: ExpressionPlace): string | undefined {
  switch (place.kind) {
    case "payload":
      return an(place.message.kind);
    case "message key":
      return `the key of ${an(place.message.kind)}`;
    case "dedupe key":
      return "a dedupeKey";
    case "idempotency key":
      return "an idempotency key";
    case "delete where":
      return "the condition of a delete, which the audit keeps";
    case "audit subject":
      return "the audit's subject";
    case "detail":
      return "an error's details";
    case "result":
      return place.field.type.secret ? undefined : "a result that is not secret itself";
    default:
      return undefined;
  }
}
