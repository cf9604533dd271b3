// Which secrets the value of an expression may hold. A path names a value: `command.card.number`, `users[].email`.

import type { Typed } from "../spec/expression/typed.js";
import type { Field, Project, Type, UseCase } from "../spec/model.js";
import { findType } from "../spec/resolve-type.js";
import { holdsSecret } from "./secret-types.js";

/** The secret fields of the command and of what is prepared, and the secret columns of the loaded rows. */
export function secretPaths(project: Project, useCase: UseCase): readonly string[] {
  const paths = [...secretFields(project, useCase.command, "command")];
  for (const { name, fields } of useCase.prepare) paths.push(...secretFields(project, fields, `prepare.${name}`));
  for (const load of useCase.loads) paths.push(...secretColumns(project, load));
  return paths;
}

function secretColumns({ config }: Project, load: UseCase["loads"][number]): readonly string[] {
  if (load.kind !== "table" || !Object.hasOwn(config.secretColumns, load.table.name)) return [];
  const row = load.cardinality === "many" ? `${load.name}[]` : load.name;
  return (config.secretColumns[load.table.name] ?? []).map((column) => `${row}.${column}`);
}

/** The paths of fields with `secret: true`, shared types looked into. */
export function* secretFields(
  project: Project,
  fields: readonly Field[],
  prefix: string,
  within: readonly string[] = [],
): Iterable<string> {
  for (const { name, type } of fields) if (!isPlain(type)) yield* inType(project, type, `${prefix}.${name}`, within);
}

/** Neither a secret nor with anything in it: as most fields are, which then need no walk. */
export function isPlain({ secret, kind }: Type): boolean {
  return !secret && kind !== "array" && kind !== "object" && kind !== "reference";
}

function* inType(project: Project, type: Type, path: string, within: readonly string[]): Iterable<string> {
  if (type.secret) yield path;
  else if (type.kind === "array") yield* inType(project, type.items, `${path}[]`, within);
  else if (type.kind === "object") yield* secretFields(project, type.fields, path, within);
  else if (type.kind === "reference" && !within.includes(type.name) && holdsSecret(project, type.name)) {
    const shared = findType(project, type.name);
    if (shared !== undefined) yield* inType(project, shared.type, path, [...within, type.name]);
  }
}

/** Those of the secrets that the value of an expression may hold. What a comparison gives tells no secret. */
export function secretsIn(expression: Typed, secrets: readonly string[]): ReadonlySet<string> {
  return held(expression, new Map());

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
export function pathOf(node: Typed, locals: ReadonlyMap<string, string>): string | undefined {
  const after = (object: Typed, step: string) => {
    const path = pathOf(object, locals);
    return path === undefined ? undefined : `${path}${step}`;
  };
  switch (node.op) {
    case "variable":
      return node.local ? locals.get(node.name) : node.name;
    case "field":
      return after(node.object, `.${node.name}`);
    case "element":
      return after(node.list, "[]");
    case "entry":
      return after(node.map, "[]");
    case "macro":
      return node.macro === "filter" ? pathOf(node.list, locals) : undefined;
    default:
      return undefined;
  }
}

/** `command.card.number` is within `command.card` and within itself, not within `command.car`. */
function isWithin(path: string, whole: string): boolean {
  return path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`);
}
