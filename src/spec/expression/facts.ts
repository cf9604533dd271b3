// What conditions have established about paths (`command.note`, `levels[l.sku]`) at a point of an expression:
// left of `&&`, in the condition of `?:`, in the `when` of the part that the expression belongs to.
import type { ValueType } from "./value-type.js";

export type Literal = string | number | boolean;

export interface Fact {
  /** `has(x)`: not absent, though it may be null. */
  readonly defined?: boolean;
  /** `x != null`: neither null nor absent. */
  readonly present?: boolean;
  /** `x == null`: null or absent for certain. */
  readonly missing?: boolean;
  /** The literals that it may still be: after `== 'paid'`, or `!= 'paid'` on an enum. */
  readonly values?: readonly Literal[];
  /**
   * In how many callbacks the condition stands, if TypeScript follows it: TypeScript loses what it knows of a property
   * inside a callback, and never knows what another part of the spec has checked.
   */
  readonly seenAt: number | undefined;
}

export type Facts = ReadonlyMap<string, Fact>;

/** Each element of `list` has a row in `map` under its `key`: `{ list: "lines", key: ".sku", map: "levels" }`. */
export interface Guarantee {
  readonly list: string;
  readonly key: string;
  readonly map: string;
}

export const noFacts: Facts = new Map();

/** Both hold. */
export function both(a: Facts, b: Facts): Facts {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  const merged = new Map(a);
  for (const [path, fact] of b) {
    const other = a.get(path);
    merged.set(path, other === undefined ? fact : joined(other, fact));
  }
  return merged;
}

function joined(a: Fact, b: Fact): Fact {
  const values =
    a.values === undefined || b.values === undefined ? (b.values ?? a.values) : a.values.filter((value) => b.values?.includes(value));
  // What is said last counts, where the two contradict each other.
  const missing = b.missing === true || (a.missing === true && b.present !== true);
  const present = !missing && (a.present === true || b.present === true);
  return {
    ...((a.defined || b.defined) && { defined: true }),
    ...(present && { present }),
    ...(missing && { missing }),
    ...(values !== undefined && { values }),
    // The condition that is nearer to the use is the one that TypeScript follows.
    seenAt: b.present === true || a.present !== true ? b.seenAt : a.seenAt,
  };
}

/** One of the two holds, so only what both say is known. */
export function either(a: Facts, b: Facts): Facts {
  const merged = new Map<string, Fact>();
  for (const [path, fact] of a) {
    const other = b.get(path);
    if (other === undefined) continue;
    const seenAt = fact.seenAt === undefined || other.seenAt === undefined ? undefined : Math.max(fact.seenAt, other.seenAt);
    const same: { -readonly [Key in keyof Fact]: Fact[Key] } = { seenAt };
    if ((fact.defined || fact.present) && (other.defined || other.present)) same.defined = true;
    if (fact.present && other.present) same.present = true;
    if (fact.missing && other.missing) same.missing = true;
    if (fact.values !== undefined && other.values !== undefined) same.values = [...new Set([...fact.values, ...other.values])];
    merged.set(path, same);
  }
  return merged;
}

/** The same, established elsewhere: TypeScript sees none of it. */
export function unseen(facts: Facts): Facts {
  if (facts.size === 0) return noFacts;
  return new Map([...facts].map(([path, fact]) => [path, { ...fact, seenAt: undefined }]));
}

/** What a fact makes of a declared type, and whether TypeScript must be told. */
export function refine(declared: ValueType, fact: Fact, depth: number, isName: boolean): { type: ValueType; assured: boolean } {
  let type = declared;
  let assured = declared.assured === true;
  const seen = fact.seenAt !== undefined && (isName || fact.seenAt === depth);
  if (fact.present === true && (declared.nullable === true || declared.optional === true)) {
    const { nullable: _nullable, optional: _optional, ...shape } = declared;
    type = shape;
    assured = !seen;
  } else if (fact.defined === true && declared.optional === true && (seen || declared.nullable !== true)) {
    const { optional: _optional, ...shape } = declared;
    type = shape;
    assured = !seen;
  }
  if (fact.values !== undefined && type.kind === "string") {
    type = { ...type, values: fact.values.filter((value) => typeof value === "string") };
  }
  return { type, assured };
}
