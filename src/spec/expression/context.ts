import { nearest } from "../suggest.js";
import { describeType } from "./describe-type.js";
import type { Fact, Facts, Guarantee } from "./facts.js";
import type { ASTNode } from "./parse.js";
import { type Position, pathOf, type Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

/** What is wrong with an expression, at offsets in its source. */
export interface ExpressionProblem extends Position {
  /**
   * `syntax`: it does not parse. `type`: it has no sense. Of an expression that is sound in itself: `mismatch`: its
   * place expects another type; `missing`: its place expects a value, and it may be null or absent.
   */
  readonly kind: "syntax" | "type" | "mismatch" | "missing";
  readonly message: string;
  /** What to write instead, best first. */
  readonly suggestions?: readonly string[];
}

/** The variables that an expression may name. */
export interface Names {
  names(): readonly string[];
  type(name: string): ValueType | undefined;
  /** Why a name that exists is not in scope here. */
  absence(name: string): string | undefined;
}

/** Where the pass stands: what is in scope, what is known, what was found so far. */
export interface Context {
  readonly source: string;
  readonly variables: Names;
  readonly facts: Facts;
  readonly guarantees: readonly Guarantee[];
  /** The variables of macros, innermost last. */
  readonly locals: ReadonlyMap<string, ValueType>;
  /** In how many callbacks of the emitted code. */
  readonly depth: number;
  readonly problems: ExpressionProblem[];
  readonly roots: Set<string>;
  check(node: ASTNode, context: Context): Typed;
}

/** What is known about a value where the pass stands. */
export function factAbout({ facts }: Context, node: Typed): Fact | undefined {
  // Most expressions stand where nothing is known.
  if (facts.size === 0) return undefined;
  const path = pathOf(node);
  return path === undefined ? undefined : facts.get(path);
}

export function report(context: Context, place: Position, message: string, suggestions: readonly string[] = []): void {
  const { start, end } = place;
  // The same mistake, met on two ways through the tree, is one.
  if (context.problems.some((problem) => problem.start === start && problem.end === end && problem.message === message)) return;
  context.problems.push({ kind: "type", message, start, end, ...(suggestions.length > 0 && { suggestions }) });
}

export function invalid({ start, end }: Position): Typed {
  return { op: "invalid", type: types.unknown, start, end };
}

/** Reports, and gives a node that causes no further reports. */
export function refuse(context: Context, place: Position, message: string, suggestions: readonly string[] = []): Typed {
  report(context, place, message, suggestions);
  return invalid(place);
}

export function refuseName(context: Context, place: Position, message: string, name: string, candidates: Iterable<string>): Typed {
  return refuse(context, place, message, nearest(name, candidates));
}

export function textOf(context: Context, place: Position): string {
  const text = context.source.slice(place.start, place.end).trim();
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** A value is needed: null or an absent one is reported. */
export function needed(context: Context, node: Typed): Typed {
  if (types.mayMiss(node.type)) reportMissing(context, node);
  return node;
}

export function reportMissing(context: Context, node: Typed, kind: "type" | "missing" = "type"): void {
  const { message, suggestions } = missingMessage(context, node);
  if (kind === "type") report(context, node, message, suggestions);
  else context.problems.push({ kind, message, start: node.start, end: node.end, ...(suggestions.length > 0 && { suggestions }) });
}

function missingMessage(context: Context, node: Typed): { message: string; suggestions: string[] } {
  const text = textOf(context, node);
  if (node.op === "literal") return { message: "null cannot stand here.", suggestions: [] };
  if (node.op === "entry") {
    const check = `${textOf(context, node.key)} in ${textOf(context, node.map)}`;
    return { message: `\`${text}\` may not be there: check \`${check}\` first.`, suggestions: [`${check} && …`] };
  }
  const check = node.type.optional === true && node.op === "field" ? `has(${text})` : `${text} != null`;
  const why = node.type.nullable === true ? "may be null" : "may be absent";
  if (node.op === "conditional") return { message: `This ${why}.`, suggestions: [] };
  return { message: `\`${text}\` ${why}: check \`${check}\` first.`, suggestions: [] };
}

export function mismatch(context: Context, node: Typed, expected: string): void {
  report(context, node, `Expected ${expected}, found ${describeType(node.type)}.`);
}
