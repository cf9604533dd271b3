// Names, fields, elements, `has`.

import { type Context, factAbout, invalid, needed, refuse, refuseName, report, textOf } from "./context.js";
import { describeType } from "./describe-type.js";
import { noFacts, refine } from "./facts.js";
import { foreignFunctions, functions, methods } from "./functions.js";
import type { ASTNode } from "./parse.js";
import type { Position, Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

type NodeOf<Op extends ASTNode["op"]> = Extract<ASTNode, { readonly op: Op }>;

export function checkName(node: NodeOf<"id">, context: Context): Typed {
  const name = node.args;
  const { start, end } = node;
  const local = context.locals.get(name);
  if (local !== undefined) return refined(context, { op: "variable", name, local: true, type: local, start, end });
  const type = context.variables.type(name);
  if (type !== undefined) {
    context.roots.add(name);
    return refined(context, { op: "variable", name, local: false, type, start, end });
  }
  const absence = context.variables.absence(name);
  if (absence !== undefined) return refuse(context, node, absence);
  if (Object.hasOwn(functions, name) || Object.hasOwn(methods, name)) {
    return refuse(context, node, `\`${name}\` is a function: call it with parentheses.`);
  }
  if (name === "undefined") return refuse(context, node, "CEL has no `undefined`: write `null`, or check with `has(…)`.", ["null"]);
  return refuseName(context, node, `\`${name}\` is not known here.`, name, [...context.locals.keys(), ...context.variables.names()]);
}

export function checkField(node: NodeOf<"." | ".?">, context: Context): Typed {
  const object = context.check(node.args[0], context);
  return fieldOf(object, node.args[1], node, undefined, context);
}

/** @param named where the name stands, if not at the end of the node */
function fieldOf(object: Typed, name: string, node: Position, named: Position | undefined, context: Context): Typed {
  const { type } = object;
  // JSON that is not there has no members, like any other that lacks them.
  if (type.kind !== "json") needed(context, object);
  const { start, end } = node;
  if (type.kind === "object") {
    const field = type.fields.get(name);
    if (field !== undefined) return refined(context, { op: "field", object, name, type: field, start, end });
  }
  const place = named ?? { start: Math.max(start, end - name.length), end };
  switch (type.kind) {
    case "unknown":
      return invalid(node);
    case "object": {
      const what = type.name ?? "the object";
      return refuseName(context, place, `${sentenceStart(what)} has no field \`${name}\`.`, name, type.fields.keys());
    }
    case "json":
      return { op: "jsonMember", object, key: nameLiteral(name, place), type: types.json, start, end };
    case "list":
      return refuse(
        context,
        place,
        `\`${textOf(context, object)}\` is ${describeType(type)}: a field belongs to one of its elements.`,
        type.items.kind === "object" && type.items.fields.has(name) ? [`${textOf(context, object)}.map(x, x.${name})`] : [],
      );
    case "map":
      return refuse(
        context,
        place,
        `\`${textOf(context, object)}\` is ${describeType(type)}: its rows are found by key, \`${textOf(context, object)}[key]\`.`,
      );
    default: {
      const method = Object.hasOwn(methods, name) || Object.hasOwn(foreignFunctions, name);
      if (name === "length")
        return refuse(context, place, `The length of \`${textOf(context, object)}\` is \`size(${textOf(context, object)})\`.`, ["size()"]);
      if (method) return refuse(context, place, `\`${name}\` is a function: call it with parentheses.`, [`${name}()`]);
      return refuse(context, place, `\`${textOf(context, object)}\` is ${describeType(types.present(type))}, which has no fields.`);
    }
  }
}

function nameLiteral(name: string, { start, end }: Position): Typed {
  return { op: "literal", value: name, type: types.oneText(name), start, end };
}

export function checkElement(node: NodeOf<"[]" | "[?]">, context: Context): Typed {
  const object = context.check(node.args[0], context);
  if (object.type.kind !== "json") needed(context, object);
  const key = needed(context, context.check(node.args[1], context));
  const { start, end } = node;
  const { type } = object;
  if (type.kind === "unknown" || key.type.kind === "unknown") return invalid(node);
  switch (type.kind) {
    case "list":
      if (key.type.kind !== "int")
        return refuse(context, key, `An element of a list is found by an integer, not ${describeType(key.type)}.`);
      if (key.op === "negate") return refuse(context, key, "Elements are counted from 0.");
      return { op: "element", list: object, index: key, type: type.items, start, end, ...(type.items.assured && { assured: true }) };
    case "map": {
      if (!sameKind(type.key, key.type)) {
        return refuse(
          context,
          key,
          `The rows of \`${textOf(context, object)}\` are found by ${describeType(type.key)}, not ${describeType(key.type)}.`,
        );
      }
      const entry: Typed = { op: "entry", map: object, key, sure: false, type: { ...type.value, optional: true }, start, end };
      return factAbout(context, entry)?.present === true ? { ...entry, sure: true, type: type.value } : entry;
    }
    case "json":
      if (key.type.kind !== "string" && key.type.kind !== "int")
        return refuse(context, key, "A member of JSON is found by a string or an integer.");
      return { op: "jsonMember", object, key, type: types.json, start, end };
    case "object":
      if (key.op !== "literal" || typeof key.value !== "string") return refuse(context, key, "A field of an object is found by its name.");
      return fieldOf(object, key.value, node, key, context);
    default:
      return refuse(context, node, `\`${textOf(context, object)}\` is ${describeType(type)}: it has no elements.`);
  }
}

/** Keys of a map: the same kind of value. */
function sameKind(a: ValueType, b: ValueType): boolean {
  return a.kind === b.kind || (a.kind === "bigint" && b.kind === "int");
}

export function checkHas(node: Position, operands: readonly ASTNode[], context: Context): Typed {
  const [argument] = operands;
  const { start, end } = node;
  const result = (field: Typed): Typed => ({ op: "has", field, type: types.bool, start, end });
  if (argument === undefined || operands.length > 1) return refuse(context, node, "`has` takes one field: `has(command.note)`.");
  if (argument.op === "id") {
    const subject = context.check(argument, context);
    return refuse(
      context,
      argument,
      `\`has\` takes a field, as in \`has(command.note)\`; whether \`${argument.args}\` is there says \`${argument.args} != null\`.`,
      [`${textOf(context, subject)} != null`],
    );
  }
  if (argument.op === "[]") {
    const [mapNode, keyNode] = argument.args;
    const text = `${textOf(context, keyNode)} in ${textOf(context, mapNode)}`;
    return refuse(context, argument, `\`has\` takes a field; whether a key is there says \`in\`.`, [text]);
  }
  if (argument.op !== ".") return refuse(context, argument, "`has` takes a field: `has(command.note)`.");

  const [objectNode, name] = argument.args;
  const object = context.check(objectNode, context);
  // Looked at without what is known: a second `has` of the same field is no mistake.
  const field = fieldOf(object, name, argument, undefined, { ...context, facts: noFacts });
  const fact = factAbout(context, field);
  if (fact?.missing === true && fact.seenAt !== undefined) {
    return refuse(context, argument, `Here \`${textOf(context, argument)}\` is absent already.`);
  }
  if (field.op === "invalid" || field.op === "jsonMember" || field.type.optional === true) return result(field);
  const text = textOf(context, argument);
  if (field.type.nullable === true) {
    return refuse(context, argument, `\`${text}\` is always there, but may be null: write \`${text} != null\`.`, [`${text} != null`]);
  }
  report(context, argument, `\`${text}\` is always there: leave out \`has\`.`);
  return result(field);
}

/** A node with a path, as what is known about the path makes it. */
function refined(context: Context, node: Typed): Typed {
  const fact = factAbout(context, node);
  if (fact === undefined) return node.type.assured === true ? { ...node, assured: true } : node;
  const { type, assured } = refine(node.type, fact, context.depth, node.op === "variable");
  return { ...node, type, ...(assured && { assured: true }) };
}

function sentenceStart(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
