import { literal } from "../encode.js";
import { lineWidth } from "./print-code.js";

/** The imports of one generated file, collected while its parts are made. */
export interface Imports {
  /** Imports a type and returns the name under which the file knows it. */
  type(module: string, name: string): string;
  /** Imports a value, under another name if one is given, and returns the name under which the file knows it. */
  value(module: string, name: string, as?: string): string;
  /** The import declarations, sorted as Biome sorts them; one per module, each ready to be written. */
  print(): readonly string[];
}

/**
 * @param declared the names that the file declares itself, and the global ones that it uses: what is imported under one
 *   of them, or twice from different modules, gets another name.
 */
export function createImports(declared: Pick<ReadonlySet<string>, "has">): Imports {
  const imported = new Set<string>();
  const modules = new Map<string, Module>();

  const add = (module: string, name: string, asValue: boolean, as = name): string => {
    let from = modules.get(module);
    if (from === undefined) {
      from = { name: module, specifiers: new Map() };
      modules.set(module, from);
    }
    const known = from.specifiers.get(name);
    if (known !== undefined) {
      known.asValue ||= asValue;
      return known.local;
    }
    let local = as;
    while (declared.has(local) || imported.has(local))
      local = /^[a-z]/.test(local) ? `imported${local.charAt(0).toUpperCase()}${local.slice(1)}` : `Imported${local}`;
    imported.add(local);
    from.specifiers.set(name, { name, local, asValue });
    return local;
  };

  return {
    type: (module, name) => add(module, name, false),
    value: (module, name, as) => add(module, name, true, as),
    print: () => [...modules.values()].sort((a, b) => moduleOrder(a.name, b.name)).map(declaration),
  };
}

interface Module {
  readonly name: string;
  readonly specifiers: Map<string, Specifier>;
}

interface Specifier {
  readonly name: string;
  readonly local: string;
  asValue: boolean;
}

function declaration({ name: module, specifiers }: Module): string {
  const sorted = inNaturalOrder([...specifiers.values()], ({ local }) => local);
  const typesOnly = sorted.every(({ asValue }) => !asValue);
  const texts = sorted.map(
    ({ name, local, asValue }) => `${asValue || typesOnly ? "" : "type "}${name === local ? name : `${name} as ${local}`}`,
  );
  const head = typesOnly ? "import type" : "import";
  const flat = `${head} { ${texts.join(", ")} } from ${literal(module)};`;
  // A single name is never put on a line of its own.
  return flat.length <= lineWidth || texts.length === 1
    ? flat
    : `${head} {\n${texts.map((text) => `  ${text},\n`).join("")}} from ${literal(module)};`;
}

/** Packages before files, and files that are further up before those that are nearer. */
function moduleOrder(a: string, b: string): number {
  const isFile = (module: string) => Number(module.startsWith("."));
  return isFile(a) - isFile(b) || up(b) - up(a) || naturalOrder(a, b);
}

function up(module: string): number {
  let steps = 0;
  for (let index = module.indexOf("../"); index >= 0; index = module.indexOf("../", index + 3)) steps++;
  return steps;
}

export function inNaturalOrder<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  return [...items].sort((a, b) => naturalOrder(nameOf(a), nameOf(b)));
}

/** Biome's order: signs, then numbers by value, then letters, each upper-case letter before its lower-case one. */
export function naturalOrder(a: string, b: string): number {
  let left = 0;
  let right = 0;
  while (left < a.length && right < b.length) {
    const x = a.charCodeAt(left);
    const y = b.charCodeAt(right);
    if (isDigit(x) && isDigit(y)) {
      const m = numberAt(a, left);
      const n = numberAt(b, right);
      if (m.value !== n.value) return m.value - n.value;
      left = m.end;
      right = n.end;
    } else {
      // Beside a character, a number counts as its digit 0.
      if (x !== y) return characterRank(isDigit(x) ? zero : x) - characterRank(isDigit(y) ? zero : y);
      left++;
      right++;
    }
  }
  return a.length - left - (b.length - right);
}

const signs = "/._-$";
const zero = "0".charCodeAt(0);

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function numberAt(text: string, start: number): { readonly value: number; readonly end: number } {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return { value: Number(text.slice(start, end)), end };
}

function characterRank(code: number): number {
  return ranks[code] ?? rank(String.fromCharCode(code));
}

function rank(character: string): number {
  const sign = signs.indexOf(character);
  if (sign >= 0) return sign;
  const lower = character.toLowerCase();
  return lower.charCodeAt(0) * 2 + (character === lower ? 1 : 0);
}

const ranks = Array.from({ length: 128 }, (_, code) => rank(String.fromCharCode(code)));
