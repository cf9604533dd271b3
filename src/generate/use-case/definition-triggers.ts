import { findMessage } from "../../spec/find-message.js";
import type { Trigger } from "../../spec/model.js";
import { array, type Code, object } from "../code/code.js";
import { literal, numberLiteral, propertyKey } from "../encode.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** What starts the use case besides callers; undefined where nothing does. */
export function triggerDefinitions(parts: UseCaseParts): Code | undefined {
  const { triggers } = parts.useCase;
  return triggers.length === 0 ? undefined : { kind: "list", items: triggers.map((trigger) => triggerDefinition(trigger, parts)) };
}

function triggerDefinition(trigger: Trigger, parts: UseCaseParts): Code {
  return object({
    ...source(trigger),
    command: commandFunction(trigger, parts),
    ignore: trigger.ignore.length === 0 ? undefined : array(trigger.ignore.map(({ name }) => literal(name))),
  });
}

function source(trigger: Trigger): Readonly<Record<string, Code | undefined>> {
  switch (trigger.kind) {
    case "job":
      return { job: literal(trigger.job) };
    case "event":
      return { event: literal(trigger.event), version: numberLiteral(trigger.version) };
    case "schedule":
      return {
        schedule: literal(trigger.schedule),
        timeZone: trigger.timeZone && literal(trigger.timeZone.name),
        missed: trigger.missed === "latest" ? undefined : literal(trigger.missed),
      };
  }
}

/** Without one, the payload is the command; a schedule has no payload. */
function commandFunction(trigger: Trigger, parts: UseCaseParts): Code | undefined {
  if (trigger.kind !== "schedule" && trigger.command.length === 0) return undefined;
  const entries = trigger.command.map((detail) => ({
    key: propertyKey(detail.name),
    expression: detail.value,
    place: { kind: "trigger", trigger, detail } as const,
  }));
  return parts.expressions.objectFunction(entries, () => parameterType(trigger, parts));
}

/** The payload has the type that the use case that sends it has given it. */
function parameterType(trigger: Trigger, { context, core, imports, file, useCase }: UseCaseParts): string | undefined {
  if (trigger.kind === "schedule") return core("TriggeredBySchedule");
  const sent = findMessage(context.project, trigger);
  if (sent === undefined) return undefined;
  const { name } = sent.useCase;
  const types = `${name}${trigger.kind === "event" ? "Events" : "Jobs"}`;
  const local = name === useCase.name ? types : imports.type(context.paths.importOf(file, context.paths.useCase(name).definition), types);
  return `${core(trigger.kind === "event" ? "TriggeredByEvent" : "TriggeredByJob")}<${local}[${literal(sent.message.name)}]>`;
}
