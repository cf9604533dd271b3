import { builtInErrorNames } from "../../spec/built-in-errors.js";
import { payloadType } from "../../spec/expression/scope.js";
import { fromFields, type ValueType } from "../../spec/expression/value-type.js";
import { findMessage, triggerKey } from "../../spec/find-message.js";
import type { Trigger, UseCase } from "../../spec/model.js";
import { nearest } from "../../spec/suggest.js";
import type { ProjectContext } from "../context.js";
import { cronFault } from "../cron.js";
import { fits } from "../fits.js";
import { messageNames, triggers } from "../messages.js";
import type { GatheredBy, OnReport, Report, Rule } from "../rule.js";
import { within } from "../within.js";

export const triggerShape: Rule<GatheredBy<typeof triggers>> = {
  id: "trigger/shape",
  severity: "error",
  required: true,
  subject: "project",
  summary: "a trigger by something that is not there, or that does not make a valid command",
  why: "The relay calls the use case with what the event or job carries. A command that is refused every time ends as a dead letter.",
  bad: {
    spec: `
triggers:
  - job: ShipOder  # found here
`,
    files: accepting(),
  },
  good: {
    spec: `
triggers:
  - job: ShipOrder
`,
    files: accepting(),
  },
  gather: triggers,
  check(context, report, given) {
    if (given.length === 0) return;
    for (const { useCase } of context.useCases)
      for (const trigger of useCase.triggers)
        checkTrigger(trigger, useCase, context, ({ at, ...found }) => report({ ...found, at: { ...at, file: at.file ?? useCase.file } }));
  },
};

function accepting(): Readonly<Record<string, string>> {
  return {
    "accept-order.usecase.yaml": `
usecase: AcceptOrder
summary: Accept an order and have it shipped.
command: { orderId: uuid }
idempotency: { key: caller }
policies: [{ permission: orders.accept }]
jobs: { ShipOrder: { payload: { orderId: { from: command.orderId } } } }
result: {}
audit: { subject: { type: Order, id: command.orderId } }
`,
  };
}

function checkTrigger(trigger: Trigger, useCase: UseCase, { project }: ProjectContext, report: OnReport): void {
  if (useCase.audit?.reason === "required")
    report({ at: within(trigger, trigger.kind), message: `${useCase.name} requires a reason, which a trigger cannot give.` });
  checkIgnored(trigger, useCase, report);
  if (useCase.triggers.find((other) => sourceOf(other) === sourceOf(trigger)) !== trigger)
    report({
      at: within(trigger, trigger.kind),
      message: `Another trigger of ${useCase.name} is the same: a repeated call could not be told from a second one.`,
    });
  if (trigger.kind === "schedule") {
    const fault = cronFault(trigger.schedule);
    if (fault !== undefined) report({ at: within(trigger, "schedule"), message: fault });
    if (trigger.timeZone !== undefined && !isTimeZone(trigger.timeZone.name))
      report({
        at: trigger.timeZone,
        message: `There is no time zone "${trigger.timeZone.name}".`,
        help: "Use a name such as Europe/Berlin.",
      });
  } else {
    const sent = findMessage(project, trigger);
    if (sent === undefined) {
      if (project.incomplete !== true) report(unknownMessage(trigger, messageNames(project, trigger)));
      return;
    }
    if (trigger.command.length === 0) {
      checkPayload(trigger, payloadType(project, sent.useCase, sent.message), fromFields(project, useCase.command), useCase, report);
      return;
    }
  }
  checkCommand(trigger, useCase, report);
}

function checkIgnored({ ignore }: Trigger, { errors }: UseCase, report: OnReport): void {
  const known = [...errors.map(({ name }) => name), ...builtInErrorNames];
  for (const error of ignore)
    if (!known.includes(error.name))
      report({ at: error, message: `Error "${error.name}" is not declared.`, suggestions: nearest(error.name, known) });
}

const sourceOf = (trigger: Trigger) => (trigger.kind === "schedule" ? `schedule ${trigger.schedule}` : triggerKey(trigger));

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function unknownMessage(trigger: Exclude<Trigger, { kind: "schedule" }>, names: readonly string[]): Report {
  const name = trigger.kind === "job" ? trigger.job : trigger.event;
  if (trigger.kind === "event" && names.includes(name))
    return { at: within(trigger, "version"), message: `No use case sends version ${trigger.version} of ${name}.` };
  return {
    at: within(trigger, trigger.kind),
    message: `No use case sends the ${trigger.kind} "${name}".`,
    suggestions: nearest(name, names),
  };
}

/** The payload is the command, and a command has no unknown fields. */
function checkPayload(
  trigger: Trigger,
  payload: ValueType,
  command: ValueType,
  { name, command: fields }: UseCase,
  report: OnReport,
): void {
  const defaults = fields.filter(({ type }) => "default" in type.keywords).map((field) => field.name);
  if (payload.kind !== "object" || command.kind !== "object") return;
  const wrong = [...new Set([...payload.fields.keys(), ...command.fields.keys()])].filter((field) => {
    const given = payload.fields.get(field);
    const wanted = command.fields.get(field);
    if (wanted === undefined) return true;
    return given === undefined ? wanted.optional !== true && !defaults.includes(field) : !fits(given, wanted);
  });
  if (wrong.length === 0) return;
  report({
    at: within(trigger, trigger.kind),
    message: `Its payload is not a command of ${name}: ${wrong.join(", ")}.`,
    help: `Say under \`command\` what each field is, for example \`command: { orderId: ${trigger.kind}.payload.orderId }\`.`,
  });
}

function checkCommand(trigger: Trigger, { command, name }: UseCase, report: OnReport): void {
  const names = command.map((field) => field.name);
  const unknown = trigger.command.filter((detail) => !names.includes(detail.name));
  for (const detail of unknown)
    report({
      at: detail,
      on: "key",
      message: `The command of ${name} has no field "${detail.name}".`,
      suggestions: nearest(detail.name, names),
    });
  const missing = command.filter(
    (field) => !field.optional && !("default" in field.type.keywords) && !trigger.command.some((detail) => detail.name === field.name),
  );
  // A misspelt field is one mistake, and was said above.
  if (missing.length === 0 || unknown.length > 0) return;
  report({
    at: within(trigger, trigger.kind),
    message: `The command of ${name} also needs ${missing.map((field) => field.name).join(", ")}.`,
    help: "Add it under the trigger's `command`.",
  });
}
