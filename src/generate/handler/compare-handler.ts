import { ts } from "ts-morph";
import { defineHandlerCalls } from "./define-handler-call.js";
import type { HandlerMember, HandlerMembers } from "./handler-members.js";
import { type Literals, literalsOf, returnsOf } from "./object-literals.js";
import { functionOf, type NamedFunction } from "./resolve-name.js";

/** Members that an object literal lacks, beyond doubt. */
export interface Gap {
  readonly object: ts.ObjectLiteralExpression;
  readonly members: readonly HandlerMember[];
}

/** What a person has to look at; `start` and `end` are offsets in the file. */
export interface Remark {
  /**
   * missing  the member is not there, or perhaps not: it was not added, because its place is not certain
   * extra    the spec asks for it no longer
   * unseen   the members cannot be looked at, so that nothing can be said of them
   */
  readonly kind: "missing" | "extra" | "unseen";
  /** Of an extra member: it can have no other reason than the spec. */
  readonly exact: boolean;
  readonly places: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface Comparison {
  readonly gaps: readonly Gap[];
  readonly remarks: readonly Remark[];
}

/** Looks for what the spec asks of a handler in its file. */
export function compareHandler(file: ts.SourceFile, { handler, outcome }: HandlerMembers): Comparison {
  const gaps: Gap[] = [];
  const remarks: Remark[] = [];
  const visited = new Set<ts.Node>();
  const remark = (kind: Remark["kind"], places: readonly string[], node?: ts.Node, exact = true) => {
    if (places.length > 0) remarks.push({ kind, exact, places, start: node?.getStart(file) ?? 0, end: node?.getEnd() ?? 0 });
  };

  const calls = defineHandlerCalls(file);
  const [call] = calls;
  const argument = call?.arguments[0];
  if (argument === undefined || calls.length > 1) {
    remark("unseen", placesIn([...handler, ...outcome]), calls[1]);
    return { gaps, remarks };
  }
  const written = literalsOf(argument);
  for (const each of written.unseen) remark("unseen", placesIn([...handler, ...outcome]), each);
  for (const { object, exact } of written.objects) {
    compare({ object, exact }, handler, "");
    const apply = propertyOf(object, "apply");
    if (apply !== undefined) compareApply(apply);
  }
  return { gaps, remarks };

  function compareApply(property: ts.ObjectLiteralElementLike): void {
    const apply = functionIn(property);
    if (apply === undefined) remark("unseen", placesIn(outcome), property.name ?? property);
    else for (const returned of returnsOf(apply)) compareValue(returned, outcome, { many: false, parent: "" });
  }

  function compareValue(
    expression: ts.Expression,
    members: readonly HandlerMember[],
    { many, parent }: { readonly many: boolean; readonly parent: string },
  ): void {
    const { objects, unseen } = literalsOf(expression, many);
    for (const each of unseen) remark("unseen", placesIn(members), each);
    for (const each of objects) compare(each, members, parent);
  }

  function compare({ object, exact }: Literals["objects"][number], members: readonly HandlerMember[], parent: string): void {
    if (visited.has(object)) return;
    visited.add(object);
    const { found, unknown } = contentOf(object);
    const lacking = members.filter(({ name, optional }) => !optional && !found.has(name));
    if (unknown === undefined) {
      if (lacking.length > 0) gaps.push({ object, members: lacking });
    } else remark("missing", placesIn(lacking), unknown);

    for (const member of members) {
      for (const property of found.get(member.name) ?? []) {
        if (member.kind !== "object" || member.members.length === 0) continue;
        const place = { many: member.many, parent: `${member.place}${member.many ? "[]" : ""}.` };
        const value = valueIn(property);
        if (value === undefined) remark("unseen", placesIn(member.members), property);
        else compareValue(value, member.members, place);
      }
    }
    const wanted = new Set(members.map(({ name }) => name));
    for (const [name, properties] of found)
      for (const property of properties) if (!wanted.has(name)) remark("extra", [`${parent}${name}`], property.name ?? property, exact);
  }
}

/** The required members, each with what it holds only where it is a list or optional: who adds it adds the rest. */
function placesIn(members: readonly HandlerMember[]): readonly string[] {
  return members.flatMap((each) => [each.place, ...placesIn(each.members)]);
}

interface Content {
  /** Those of spread literals too; a name may stand in several of them. */
  readonly found: ReadonlyMap<string, readonly ts.ObjectLiteralElementLike[]>;
  /** A spread or a computed name that may hold anything. */
  readonly unknown: ts.Node | undefined;
}

function contentOf(object: ts.ObjectLiteralExpression): Content {
  const found = new Map<string, ts.ObjectLiteralElementLike[]>();
  let unknown: ts.Node | undefined;
  for (const property of object.properties) {
    if (ts.isSpreadAssignment(property)) {
      const { objects, unseen } = literalsOf(property.expression);
      unknown ??= unseen[0];
      for (const inner of objects.map(({ object: spread }) => contentOf(spread))) {
        unknown ??= inner.unknown;
        for (const [name, properties] of inner.found) found.set(name, [...(found.get(name) ?? []), ...properties]);
      }
      continue;
    }
    const name = nameOf(property.name);
    if (name === undefined) unknown ??= property.name;
    else found.set(name, [...(found.get(name) ?? []), property]);
  }
  return { found, unknown };
}

function nameOf(name: ts.PropertyName): string | undefined {
  if (ts.isComputedPropertyName(name)) return ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
  return name.text;
}

function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.ObjectLiteralElementLike | undefined {
  return contentOf(object).found.get(name)?.at(-1);
}

function valueIn(property: ts.ObjectLiteralElementLike): ts.Expression | undefined {
  if (ts.isPropertyAssignment(property)) return property.initializer;
  return ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
}

function functionIn(property: ts.ObjectLiteralElementLike): NamedFunction | undefined {
  if (ts.isMethodDeclaration(property)) return property;
  const value = valueIn(property);
  return value === undefined ? undefined : functionOf(value);
}
