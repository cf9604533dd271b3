// Calls of functions and methods, and the macros over lists.

import { checkHas } from "./access.js";
import type { CallForm, Operand } from "./call-form.js";
import { conditionFacts } from "./condition-facts.js";
import { type Context, invalid, needed, refuse, refuseName, report, textOf } from "./context.js";
import { describeType } from "./describe-type.js";
import { both, type Facts, noFacts } from "./facts.js";
import { foreignFunctions, functions, macros, methods } from "./functions.js";
import type { ASTNode } from "./parse.js";
import { type MacroName, type Position, pathOf, type Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

export function checkCall(name: string, operands: readonly ASTNode[], place: Position, context: Context): Typed {
  if (name === "has") return checkHas(place, operands, context);
  const forms = Object.hasOwn(functions, name) ? functions[name] : undefined;
  const checked = operands.map((operand) => context.check(operand, context));
  if (forms !== undefined) return chosen(name, forms, checked, place, context, false);
  const named = { start: place.start, end: place.start + name.length };
  const [first, ...rest] = operands;
  if (Object.hasOwn(methods, name) && first !== undefined) {
    const call = `${textOf(context, first)}.${name}(${rest.map((operand) => textOf(context, operand)).join(", ")})`;
    return refuse(context, named, `\`${name}\` is written behind a dot.`, [call]);
  }
  if (name === "dyn" || name === "type") return refuse(context, named, `\`${name}\` is not needed: types are known.`);
  return unknownFunction(name, named, context, Object.keys(functions));
}

export function checkMethod(name: string, receiverNode: ASTNode, operands: readonly ASTNode[], place: Position, context: Context): Typed {
  if (isMacro(name)) return checkMacro(name, receiverNode, operands, place, context);
  const forms = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const receiver = context.check(receiverNode, context);
  const from = context.source.indexOf(name, receiverNode.end);
  const named = from < 0 ? place : { start: from, end: from + name.length };
  // `lines.some(l, …)`: the first operand is a new name there, so nothing is to be said of it.
  const meant = Object.hasOwn(foreignFunctions, name) ? foreignFunctions[name] : undefined;
  if (forms === undefined && meant !== undefined && isMacro(meant)) return unknownFunction(name, named, context, []);
  const checked = operands.map((operand) => context.check(operand, context));
  if (forms !== undefined) return chosen(name, forms, [receiver, ...checked], place, context, true);
  if (Object.hasOwn(functions, name) || name === "has") {
    const call = `${name}(${[receiverNode, ...operands].map((operand) => textOf(context, operand)).join(", ")})`;
    return refuse(context, named, `\`${name}\` is a function, not written behind a dot.`, [call]);
  }
  return unknownFunction(name, named, context, [...Object.keys(methods), ...macros]);
}

function isMacro(name: string): name is MacroName {
  return (macros as readonly string[]).includes(name);
}

function unknownFunction(name: string, place: Position, context: Context, candidates: readonly string[]): Typed {
  const message = `There is no function \`${name}\`.`;
  const foreign = Object.hasOwn(foreignFunctions, name) ? foreignFunctions[name] : undefined;
  return foreign === undefined ? refuseName(context, place, message, name, candidates) : refuse(context, place, message, [foreign]);
}

/** The first overload that takes the operands; where none does, what is wrong with the nearest. */
function chosen(
  name: string,
  forms: readonly CallForm[],
  operands: readonly Typed[],
  place: Position,
  context: Context,
  isMethod: boolean,
): Typed {
  let isKnown = true;
  for (const operand of operands) {
    needed(context, operand);
    if (operand.type.kind === "unknown") isKnown = false;
  }
  if (!isKnown) return { ...invalid(place), type: commonResult(forms) };
  const form = forms.find(
    ({ takes }) => takes.length === operands.length && takes.every((taken, index) => accepts(taken, operands[index])),
  );
  if (form === undefined) return refuseOperands(name, forms, operands, place, context, isMethod);
  let sound = true;
  form.takes.forEach((operand, index) => {
    const given = operands[index];
    if (given !== undefined && !inspected(operand, given, context)) sound = false;
  });
  return sound
    ? { op: "call", name, form, operands, type: form.gives, start: place.start, end: place.end }
    : { ...invalid(place), type: form.gives };
}

function accepts(operand: Operand, given: Typed | undefined): boolean {
  return given !== undefined && operand.accepts(given.type);
}

function inspected(operand: Operand, given: Typed, context: Context): boolean {
  const text = given.op === "literal" && typeof given.value === "string" ? given.value : undefined;
  if (operand.written === true && text === undefined) {
    report(context, given, `${operand.name.charAt(0).toUpperCase()}${operand.name.slice(1)} must be written out here, in quotes.`);
    return false;
  }
  const complaint = text === undefined ? undefined : operand.inspect?.(text);
  if (complaint === undefined) return true;
  report(
    context,
    given,
    complaint.message,
    complaint.suggestions?.map((suggestion) => `'${suggestion}'`),
  );
  return false;
}

function commonResult(forms: readonly CallForm[]): ValueType {
  const [first, ...rest] = forms;
  return first !== undefined && rest.every(({ gives }) => gives === first.gives) ? first.gives : types.unknown;
}

function refuseOperands(
  name: string,
  forms: readonly CallForm[],
  operands: readonly Typed[],
  place: Position,
  context: Context,
  isMethod: boolean,
): Typed {
  const result = { ...invalid(place), type: commonResult(forms) };
  const own = isMethod ? 1 : 0;
  const [receiver] = operands;
  const fitting = isMethod && receiver !== undefined ? forms.filter(({ takes }) => accepts(takes[0] ?? noOperand, receiver)) : forms;
  if (isMethod && receiver !== undefined && fitting.length === 0) {
    const { type } = receiver;
    if (type.kind === "list" && types.mayMiss(type.items)) {
      report(context, receiver, `Elements here may be missing: leave them out with \`filter(x, x != null)\` before \`${name}\`.`);
      return result;
    }
    const wanted = [...new Set(forms.map(({ takes }) => takes[0]?.name ?? ""))].join(" or ");
    const { kind } = receiver.type;
    const conversion = kind === "decimal" && wanted.includes("decimals") ? undefined : kind === "json" ? "string" : undefined;
    report(
      context,
      receiver,
      `\`${name}\` is for ${wanted}, not for ${describeType(receiver.type)}.`,
      conversion === undefined ? [] : [`${conversion}(${textOf(context, receiver)})`],
    );
    return result;
  }
  const counts = [...new Set(fitting.map(({ takes }) => takes.length - own))].sort((a, b) => a - b);
  const given = operands.length - own;
  if (!counts.includes(given)) {
    report(context, place, `\`${name}\` takes ${counts.join(" or ")} ${counts.join() === "1" ? "argument" : "arguments"}, not ${given}.`);
    return result;
  }
  const sameCount = fitting.filter(({ takes }) => takes.length === operands.length);
  const index = operands.findIndex((operand, at) => !sameCount.some(({ takes }) => accepts(takes[at] ?? noOperand, operand)));
  const wrong = operands[Math.max(index, 0)];
  if (wrong === undefined) return result;
  const wanted = [...new Set(sameCount.map(({ takes }) => takes[Math.max(index, 0)]?.name ?? ""))].join(" or ");
  if (name === "decimal" && wrong.type.kind === "double") {
    const literal = wrong.op === "literal" ? [`decimal('${textOf(context, wrong)}')`] : [];
    report(context, wrong, "A number with a fraction is not exact: write the decimal as text.", literal);
  } else if (wrong.type.kind === "list" && types.mayMiss(wrong.type.items)) {
    report(context, wrong, `Elements here may be missing: leave them out with \`filter(x, x != null)\` before \`${name}\`.`);
  } else {
    report(context, wrong, `\`${name}\` takes ${wanted}, not ${describeType(wrong.type)}.`);
  }
  return result;
}

const noOperand: Operand = { name: "", accepts: () => false };

// --------------------------------------------------------------------------------------------------------------- macros

function checkMacro(macro: MacroName, listNode: ASTNode, operands: readonly ASTNode[], place: Position, context: Context): Typed {
  const list = needed(context, context.check(listNode, context));
  const example = macro === "map" ? "lines.map(l, l.sku)" : `lines.${macro}(l, l.quantity > 0)`;
  const [variableNode, ...bodies] = operands;
  const allowed = macro === "map" ? [1, 2] : [1];
  if (variableNode === undefined || variableNode.op !== "id" || !allowed.includes(bodies.length)) {
    return refuse(context, variableNode ?? place, `\`${macro}\` takes a name and an expression: \`${example}\`.`);
  }
  const name = variableNode.args;
  const item = itemType(macro, list, context);
  checkFresh(name, variableNode, context);

  const facts = withoutLocal(context.facts, name);
  const inside: Context = {
    ...context,
    locals: new Map(context.locals).set(name, item),
    depth: context.depth + 1,
    facts: both(facts, list.type.kind === "map" ? keyFact(list, name, context) : guaranteed(list, name, context)),
  };
  const whereNode = bodies.length === 2 ? bodies[0] : undefined;
  const bodyNode = bodies[bodies.length - 1];
  if (bodyNode === undefined) return invalid(place);
  const where = whereNode === undefined ? undefined : condition(whereNode, macro, inside);
  // The condition is a callback of its own: TypeScript knows nothing of it in the next one.
  const narrowed = where === undefined ? item : narrowedItem(item, name, conditionFacts(where, true, inside.depth));
  const bodyContext = narrowed === item ? inside : { ...inside, locals: new Map(context.locals).set(name, narrowed) };
  const body = macro === "map" ? context.check(bodyNode, bodyContext) : condition(bodyNode, macro, bodyContext);
  const type = resultOf(macro, list, item, name, body, inside.depth);
  return { op: "macro", macro, list, variable: name, where, body, type, start: place.start, end: place.end };
}

/** What the variable stands for: an element of a list, a key of a map. */
function itemType(macro: MacroName, list: Typed, context: Context): ValueType {
  const { type } = list;
  if (type.kind === "list") return type.items;
  if (type.kind === "map") return type.key;
  if (type.kind !== "unknown") {
    const rows = type.kind === "object" ? "one row, not a list" : describeType(type);
    report(context, list, `\`${macro}\` goes over a list; \`${textOf(context, list)}\` is ${rows}.`);
  }
  return types.unknown;
}

function condition(node: ASTNode, macro: MacroName, context: Context): Typed {
  const checked = needed(context, context.check(node, context));
  if (checked.type.kind !== "bool" && checked.type.kind !== "unknown") {
    report(context, node, `The condition of \`${macro}\` must be a boolean; this is ${describeType(checked.type)}.`);
  }
  return checked;
}

function checkFresh(name: string, place: Position, context: Context): void {
  if (context.locals.has(name)) report(context, place, `\`${name}\` hides the variable of the same name around it: take another name.`);
  else if (context.variables.type(name) !== undefined)
    report(context, place, `\`${name}\` hides \`${name}\` of the use case: take another name.`);
  else if (Object.hasOwn(functions, name)) report(context, place, `\`${name}\` is a function: take another name.`);
}

/** Facts about another variable of the same name are not about this one. */
function withoutLocal(facts: Facts, name: string): Facts {
  if (facts.size === 0) return facts;
  const mentions = new RegExp(`(^|\\W)${name}(\\W|$)`);
  return new Map([...facts].filter(([path]) => !mentions.test(path)));
}

/** What the loads promise of each element: a row that every element needs is there, or the call was refused. */
function guaranteed(list: Typed, name: string, context: Context): Facts {
  if (context.guarantees.length === 0) return noFacts;
  const path = pathOf(list.op === "macro" && list.macro === "filter" ? list.list : list);
  const promises = context.guarantees.filter((guarantee) => guarantee.list === path);
  return new Map(promises.map(({ map, key }) => [`${map}[${name}${key}]`, { present: true, seenAt: undefined }]));
}

/** Going over a map's keys, each of them is in the map. */
function keyFact(list: Typed, name: string, context: Context): Facts {
  const path = list.op === "variable" ? list.name : textOf(context, list);
  return new Map([[`${path}[${name}]`, { present: true, seenAt: undefined }]]);
}

function resultOf(macro: MacroName, list: Typed, item: ValueType, name: string, body: Typed, depth: number): ValueType {
  if (macro === "map") return types.listOf(body.type);
  if (macro !== "filter") return types.bool;
  if (list.type.kind === "unknown") return types.unknown;
  return types.listOf(narrowedItem(item, name, conditionFacts(body, true, depth)));
}

/** An element as the condition of a filter leaves it: fields that were checked are there. */
function narrowedItem(item: ValueType, name: string, facts: Facts): ValueType {
  let narrowed = item;
  for (const [path, fact] of facts) {
    if (fact.present !== true) continue;
    if (path === name) narrowed = assured(narrowed);
    else if (path.startsWith(`${name}.`)) narrowed = withField(narrowed, path.slice(name.length + 1).split("."));
  }
  return narrowed;
}

function withField(type: ValueType, [first, ...rest]: readonly string[]): ValueType {
  const field = type.kind === "object" && first !== undefined ? type.fields.get(first) : undefined;
  if (type.kind !== "object" || first === undefined || field === undefined) return type;
  const fields = new Map(type.fields);
  fields.set(first, rest.length === 0 ? assured(field) : withField(field, rest));
  return { ...type, fields };
}

function assured(type: ValueType): ValueType {
  return types.mayMiss(type) ? { ...types.present(type), assured: true } : type;
}
