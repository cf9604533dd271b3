// Which secrets the value of an expression may hold. A path names a value: `command.card.number`, `users[].email`.

import type { Typed } from "../spec/expression/typed.js";
import type { Field, Project, Type, UseCase } from "../spec/model.js";
import { findType } from "../spec/resolve-type.js";
import { holdsSecret } from "./secret-types.js";

/** The secret fields of the command and of what is prepared, and the secret columns of the loaded rows. */
export function secretPaths(project: Project, useCase: UseCase): readonly string[] {
  return [
    ...secretFields(project, useCase.command, "command"),
    ...useCase.prepare.flatMap(({ name, fields }) => secretFields(project, fields, `prepare.${name}`)),
    ...useCase.loads.flatMap((load) => secretColumns(project, load)),
  ];
}

function secretColumns({ config }: Project, load: UseCase["loads"][number]): readonly string[] {
  if (load.kind !== "table" || !Object.hasOwn(config.secretColumns, load.table.name)) return [];
  const row = load.cardinality === "many" ? `${load.name}[]` : load.name;
  return (config.secretColumns[load.table.name] ?? []).map((column) => `${row}.${column}`);
}

/** The paths of fields with `secret: true`, shared types looked into. */
export function secretFields(
  project: Project,
  fields: readonly Field[],
  prefix: string,
  within: readonly string[] = [],
): readonly string[] {
  return fields.flatMap(({ name, type }) => (isPlain(type) ? [] : inType(project, type, `${prefix}.${name}`, within)));
}

/** Neither a secret nor with anything in it: as most fields are, which then need no walk. */
export function isPlain({ secret, kind }: Type): boolean {
  return !secret && kind !== "array" && kind !== "object" && kind !== "reference";
}

function inType(project: Project, type: Type, path: string, within: readonly string[]): readonly string[] {
  if (type.secret) return [path];
  if (type.kind === "array") return inType(project, type.items, `${path}[]`, within);
  if (type.kind === "object") return secretFields(project, type.fields, path, within);
  if (type.kind !== "reference" || within.includes(type.name) || !holdsSecret(project, type.name)) return [];
  const shared = findType(project, type.name);
  return shared === undefined ? [] : inType(project, shared.type, path, [...within, type.name]);
}

/** Those of the secrets that the value of an expression may hold. What a comparison gives tells no secret. */
export function secretsIn(expression: Typed, secrets: readonly string[]): ReadonlySet<string> {
  return held(expression, noLocals);

  function held(node: Typed, locals: ReadonlyMap<string, string>): ReadonlySet<string> {
    const path = pathOf(node, locals);
    if (path !== undefined) return new Set(secrets.filter((secret) => isWithin(secret, path) || isWithin(path, secret)));
    const all = (...nodes: readonly Typed[]) => new Set(nodes.flatMap((child) => [...held(child, locals)]));
    switch (node.op) {
      case "conditional":
        return all(node.then, node.otherwise);
      case "arithmetic":
        return all(node.left, node.right);
      case "negate":
        return all(node.operand);
      case "call":
        return node.name === "size" ? new Set() : all(...node.operands);
      case "list":
        return all(...node.items);
      case "object":
        return all(...node.entries.map(({ value }) => value));
      case "field":
        return all(node.object);
      case "element":
        return all(node.list);
      case "entry":
        return all(node.map);
      case "jsonMember":
        return all(node.object);
      case "macro": {
        if (node.macro === "filter") return all(node.list);
        if (node.macro !== "map") return new Set();
        const list = pathOf(node.list, locals);
        if (list === undefined) return new Set([...all(node.list), ...held(node.body, locals)]);
        return held(node.body, new Map([...locals, [node.variable, `${list}[]`]]));
      }
      default:
        return new Set();
    }
  }
}

/** The name of a value that is no more than read: `command.card.number`, `lines[].sku`; undefined for what is computed. */
export function pathOf(node: Typed, locals: ReadonlyMap<string, string> = noLocals): string | undefined {
  switch (node.op) {
    case "variable":
      return node.local ? locals.get(node.name) : node.name;
    case "field":
      return stepped(pathOf(node.object, locals), `.${node.name}`);
    case "element":
      return stepped(pathOf(node.list, locals), "[]");
    case "entry":
      return stepped(pathOf(node.map, locals), "[]");
    case "macro":
      return node.macro === "filter" ? pathOf(node.list, locals) : undefined;
    default:
      return undefined;
  }
}

const stepped = (path: string | undefined, step: string) => (path === undefined ? undefined : path + step);
const noLocals: ReadonlyMap<string, string> = new Map();

/** `command.card.number` is within `command.card` and within itself, not within `command.car`. */
function isWithin(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);
}
