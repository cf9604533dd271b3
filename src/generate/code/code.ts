// Code as a small tree that knows where it may be broken into lines. `print-code.ts` lays it out as Biome would.

/** A string is code that stays on its line. */
export type Code = string | CodeNode;

export type CodeNode =
  | { readonly kind: "object"; readonly entries: readonly ObjectEntry[]; readonly expanded: boolean }
  | { readonly kind: "array"; readonly items: readonly Code[] }
  /** An array with one item a line. */
  | { readonly kind: "list"; readonly items: readonly Code[] }
  | { readonly kind: "arrow"; readonly parameters: string; readonly body: Code }
  | { readonly kind: "operators"; readonly operands: readonly Code[]; readonly operator: string }
  | { readonly kind: "not"; readonly operand: Code }
  | { readonly kind: "condition"; readonly test: Code; readonly whenTrue: Code; readonly whenFalse: Code }
  | { readonly kind: "intersection"; readonly members: readonly Code[] }
  | { readonly kind: "union"; readonly members: readonly Code[] }
  | { readonly kind: "members"; readonly members: readonly Member[] }
  | { readonly kind: "generic"; readonly name: string; readonly parameters: readonly Code[] }
  | { readonly kind: "arrayOf"; readonly items: Code };

export interface ObjectEntry {
  readonly key: string;
  readonly value: Code;
}

/** A member of an interface or of an object type. */
export interface Member {
  /** JSDoc, encoded; no line: none. */
  readonly comment: readonly string[];
  /** As code: `note`, `"odd-name"`. */
  readonly key: string;
  readonly optional: boolean;
  readonly type: Code;
}

interface ObjectOptions {
  /** One entry a line also where it would fit. */
  readonly expanded?: boolean;
}

/** An object literal of known keys; entries without a value are left out. */
export function object(entries: Readonly<Record<string, Code | undefined>>, options?: ObjectOptions): Code {
  const given: ObjectEntry[] = [];
  for (const key in entries) {
    const value = entries[key];
    if (value !== undefined) given.push({ key, value });
  }
  return objectOf(given, options);
}

/** An object literal. */
export function objectOf(entries: readonly ObjectEntry[], options?: ObjectOptions): Code {
  return { kind: "object", entries, expanded: options?.expanded === true && entries.length > 0 };
}

export function array(items: readonly Code[]): Code {
  return { kind: "array", items };
}

export function arrow(parameters: string, body: Code): Code {
  // A body that begins with a brace would be a block.
  return { kind: "arrow", parameters, body: typeof body === "string" && body.startsWith("{") ? `(${body})` : body };
}

/** Alternatives of a type, each once. */
export function union(members: readonly Code[]): Code {
  const distinct: Code[] = [];
  for (const member of members) {
    if (member === "unknown") return "unknown";
    if (typeof member !== "string" && member.kind === "union") distinct.push(...member.members.filter((each) => !distinct.includes(each)));
    else if (!distinct.includes(member)) distinct.push(member);
  }
  const only = distinct[0];
  return distinct.length === 1 && only !== undefined ? only : { kind: "union", members: distinct };
}

/** A type that has all members of several. */
export function intersection(list: readonly Code[]): Code {
  const only = list[0];
  return list.length === 1 && only !== undefined ? only : { kind: "intersection", members: list };
}

/** An object type. */
export function members(list: readonly Member[]): Code {
  return list.length === 0 ? emptyObject : { kind: "members", members: list };
}

/** An object without any member: unlike `{}`, it refuses one that has some. */
export const emptyObject: Code = "{ readonly [field: string]: never }";

export function generic(name: string, ...parameters: readonly Code[]): Code {
  return { kind: "generic", name, parameters };
}

export function arrayOf(items: Code): Code {
  return { kind: "arrayOf", items };
}

/** A member without comment. */
export function member(
  key: string,
  type: Code,
  options: { readonly optional?: boolean; readonly comment?: readonly string[] } = {},
): Member {
  return { comment: options.comment ?? [], key, optional: options.optional ?? false, type };
}
