import { pathsOf } from "../generate/paths.js";
import type { SpecPlace } from "../spec/finding.js";
import type { Field, Located, Message, Project, SpecPath, UseCase, Where } from "../spec/model.js";
import { camelCase } from "../spec/names.js";
import { type Enclosing, enclosingNames } from "./enclosing-names.js";

/** Whose line of generated code it is. */
export interface GeneratedLine {
  /** What made it: a place in a spec, in the configuration, or (without a path) a module of the Drizzle schema. */
  readonly place: SpecPlace;
  readonly useCase: string | undefined;
  /** The file is the user's own: only what it belongs to is told. */
  readonly own: boolean;
}

/**
 * What made a line of generated code. It is found by the names that the line stands in, which are those of the spec.
 * @param file relative to the project's root; undefined is returned for a file that is none of ours
 */
export function specPlaceOf(project: Project, file: string, text: string, line: number): GeneratedLine | undefined {
  const { config, useCases } = project;
  const paths = pathsOf(config);
  const lines = text.split(/\r?\n/);
  const names = enclosingNames(lines, line);
  for (const useCase of useCases) {
    const { definition, validator, handler, test } = paths.useCase(useCase.name);
    const found = (path: Located, own = false) => ({ place: placed(useCase, path), useCase: useCase.name, own });
    if (file === handler || file === test) return found(useCase, true);
    if (file === validator) return found({ path: ["command"] });
    if (file === definition) {
      const setting = names[0] === "definition" && ["tenant", "lockOrder", "session"].includes(String(names[1]));
      if (setting)
        return {
          place: { file: config.file ?? "usecase.config.yaml", path: names.slice(1).map(String) },
          useCase: useCase.name,
          own: false,
        };
      return found(names[0] === "definition" ? inDefinition(useCase, names.slice(1)) : inTypes(useCase, names));
    }
  }
  if (file === paths.types || file === paths.typeValidators) {
    const named = String(names[0]).replace(/^check(?=[A-Z])/, "");
    const type =
      project.types.find(({ name }) => named === name || named === `${name}Input`) ??
      (file === paths.typeValidators ? project.types[0] : undefined);
    const field = type?.type.kind === "object" ? fieldOf(type.type.fields, names[1]) : undefined;
    return type && { place: { file: type.file, path: (field ?? type).path }, useCase: undefined, own: false };
  }
  if (file === paths.index) {
    const useCase = useCases.find(({ name }) => new RegExp(`\\b(${name}|${camelCase(name)})`).test(lines[line - 1] ?? ""));
    return useCase && { place: { file: useCase.file, path: [] }, useCase: useCase.name, own: false };
  }
  const table = project.schema?.tables.find(({ name }) => file === paths.repository(name));
  return table && { place: { file: table.module, path: [table.name] }, useCase: undefined, own: false };
}

function placed(useCase: UseCase, { path, file }: Located): SpecPlace {
  return { file: file ?? useCase.file, path };
}

/** The definition repeats the spec's keys, but for a few. */
function inDefinition(useCase: UseCase, [part, name, ...rest]: readonly Enclosing[]): Located {
  const at = (path: SpecPath): Located => ({ path });
  switch (part) {
    case "state":
    case "sequences":
    case "advisoryLocks":
      return loadPart(useCase, name, rest) ?? at(["state"]);
    case "policies":
      return list(useCase)[Number(name ?? 0)] ?? at(["policies"]);
    case "transitions":
      return useCase.transitions[Number(name ?? 0)] ?? at(["transitions"]);
    case "writes":
    case "deletes":
      return useCase.writes.find(({ table }) => table.name === name) ?? at(["writes"]);
    case "computedResult":
    case "secretResult":
      return fieldOf(useCase.result, name) ?? at(["result"]);
    case "secretFields":
      return at(["command"]);
    case "errors":
      return useCase.errors.find((error) => error.name === name) ?? at(["errors"]);
    case "events":
    case "jobs":
      return messagePart(useCase[part], name, rest) ?? at([part]);
    default:
      return at([part, name].filter((key): key is string => typeof key === "string" && key !== "name" && key !== "spec"));
  }
}

/** The types are called after the use case and what they are of: `MoveInventoryCommand`. */
function inTypes(useCase: UseCase, [type, name, ...rest]: readonly Enclosing[]): Located {
  switch (String(type).slice(useCase.name.length)) {
    case "Command":
    case "CommandInput":
      return fieldOf(useCase.command, name) ?? { path: ["command"] };
    case "Context":
      return { path: name === "idempotencyKey" ? ["idempotency"] : name === "reason" ? ["audit", "reason"] : [] };
    case "State":
      return useCase.loads.find((load) => load.name === name) ?? { path: ["state"] };
    case "Writes":
      return inDefinition(useCase, ["writes", ...(name === undefined ? [] : [name])]);
    case "Result":
      return fieldOf(useCase.result, name) ?? { path: ["result"] };
    case "Events":
      return messagePart(useCase.events, name, rest) ?? { path: ["events"] };
    case "Jobs":
      return messagePart(useCase.jobs, name, rest) ?? { path: ["jobs"] };
    case "Outcome":
      return { path: name === undefined ? [] : [name] };
    case "Refusal":
      return useCase.errors.find((error) => error.name === name) ?? { path: ["errors"] };
    case "Handler":
      return list(useCase).find((policy) => policy.kind === "check" && policy.check.name === rest[0]) ?? { path: [] };
    default:
      return { path: [] };
  }
}

function loadPart({ loads }: UseCase, name: Enclosing | undefined, [key, column]: readonly Enclosing[]): Located | undefined {
  const load = loads.find((each) => each.name === name);
  if (load === undefined || key === undefined) return load;
  if (key === "where" && load.kind === "table") return conditionOf(load.where, column) ?? load.where;
  return { path: [...load.path, key === "from" ? "table" : key] };
}

function conditionOf({ conditions, or, not }: Where, column: Enclosing | undefined): Located | undefined {
  return (
    conditions.find((condition) => condition.column.name === column) ??
    (column === "OR" ? or[0]?.[0] : column === "NOT" ? not[0] : undefined)
  );
}

function messagePart(messages: readonly Message[], name: Enclosing | undefined, [key, field]: readonly Enclosing[]): Located | undefined {
  const message = messages.find((each) => each.name === name);
  if (message === undefined || key === undefined) return message;
  const renamed: Readonly<Record<string, string>> = { computed: "payload", given: "payload", serialisedBy: "key", delaySeconds: "delay" };
  return fieldOf(message.payload, field) ?? fieldOf(message.payload, key) ?? { path: [...message.path, renamed[key] ?? key] };
}

const list = ({ policies }: UseCase) => (policies === "none" ? [] : (policies ?? []));
const fieldOf = (fields: readonly Field[], name: Enclosing | undefined) => fields.find((field) => field.name === name);
