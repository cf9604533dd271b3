// Which variables an expression sees at its place, and why not the others.
import type { Load, Message, Project, Trigger, UseCase } from "../model.js";
import type { Names } from "./context.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";
import { actorType, commandType, loadType, prepareType, requiresTenant } from "./variable-types.js";

/** What the variables of one use case are made of. */
export interface VariableSource {
  readonly project: Project;
  readonly useCase: UseCase;
  readonly loads: ReadonlyMap<string, Load>;
  /** The types that expressions have asked for so far, by what they are of. */
  readonly types: Map<object | "command" | "prepare" | "result", ValueType>;
  result(): ValueType;
  payload(message: Message): ValueType;
}

/** What differs from place to place. */
export interface Sight {
  /** The load that the place belongs to: it cannot use itself. */
  readonly own: Load | undefined;
  /** The handler has decided. */
  readonly hasResult: boolean;
  /** The message of a key, which sees the payload. */
  readonly keyed: Message | undefined;
}

/** From the loads on. One is made for each of many places, so that it is a class: its functions are not made anew. */
export class LaterVariables implements Names {
  readonly #source: VariableSource;
  readonly #sight: Sight;

  constructor(source: VariableSource, sight: Sight) {
    this.#source = source;
    this.#sight = sight;
  }

  names(): readonly string[] {
    const { useCase, loads } = this.#source;
    const { hasResult, keyed } = this.#sight;
    return [
      ...new Set([
        ...["command", "actor", "now"],
        ...(useCase.prepare.length > 0 ? ["prepare"] : []),
        ...[...loads.values()].filter((load) => this.#sees(load)).map(({ name }) => name),
        ...(hasResult ? ["result"] : []),
        ...(keyed === undefined ? [] : ["payload"]),
      ]),
    ];
  }

  type(name: string): ValueType | undefined {
    const source = this.#source;
    const { hasResult, keyed } = this.#sight;
    if (keyed !== undefined && name === "payload") return source.types.get(keyed) ?? keep(source, keyed, source.payload(keyed));
    if (hasResult && name === "result") return source.types.get(name) ?? keep(source, name, source.result());
    const load = source.loads.get(name);
    if (load !== undefined && this.#sees(load)) return source.types.get(load) ?? keep(source, load, loadType(source.project, load));
    switch (name) {
      case "command":
        return command(source);
      case "actor":
        return actorType(source.project, requiresTenant(source.project, source.useCase));
      case "now":
        return types.instant;
      case "prepare":
        if (source.useCase.prepare.length === 0) return undefined;
        return source.types.get(name) ?? keep(source, name, prepareType(source.project, source.useCase));
      default:
        return undefined;
    }
  }

  absence(name: string): string | undefined {
    const load = this.#source.loads.get(name);
    if (load === undefined) return whyAbsent(name);
    if (load.kind === "advisoryLock") return `\`${name}\` is a lock: it has no value.`;
    return this.#sees(load) ? whyAbsent(name) : `The load \`${name}\` cannot use itself.`;
  }

  #sees(load: Load): boolean {
    return load.kind !== "advisoryLock" && load.name !== this.#sight.own?.name;
  }
}

/** Of what decides whether a call is the same as another. */
export function callVariables(source: VariableSource): Names {
  return { names: () => ["command"], type: (name) => (name === "command" ? command(source) : undefined), absence: whyAbsent };
}

export function actorVariables(project: Project, withTenant: boolean): Names {
  return { names: () => ["actor"], type: (name) => (name === "actor" ? actorType(project, withTenant) : undefined), absence: whyAbsent };
}

/** What the command of a trigger is made of. */
export function triggerVariables(source: VariableSource, trigger: Trigger, typeOf: () => ValueType): Names {
  const own = triggerNames[trigger.kind];
  return {
    names: () => [own],
    type: (name) => (name === own ? (source.types.get(trigger) ?? keep(source, trigger, typeOf())) : undefined),
    absence: whyAbsent,
  };
}

const triggerNames = { event: "event", job: "job", schedule: "slot" } as const;

function command(source: VariableSource): ValueType {
  return source.types.get("command") ?? keep(source, "command", commandType(source.project, source.useCase));
}

function keep({ types: known }: VariableSource, of: object | "command" | "prepare" | "result", type: ValueType): ValueType {
  known.set(of, type);
  return type;
}

function whyAbsent(name: string): string | undefined {
  return Object.hasOwn(reasons, name) ? reasons[name] : undefined;
}

/** Why a name is not in scope where it is not. */
const reasons: Readonly<Record<string, string>> = {
  command: "`command` is not known here.",
  actor: "`actor` is not known here: only the command decides what is the same call.",
  now: "`now` is not known here: the same call must give the same value again.",
  prepare: "This use case has no `prepare`.",
  result: "`result` is known in audit, events and jobs only: here the handler has not decided yet.",
  payload: "`payload` is known in `key` and `dedupeKey` only.",
  event: "`event` is known in triggers by an event only.",
  job: "`job` is known in triggers by a job only.",
  slot: "`slot` is known in triggers by a schedule only.",
  state: "Loads stand for themselves: leave out `state.`.",
};
