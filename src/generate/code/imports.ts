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
export function createImports(declared: Iterable<string>): Imports {
  const taken = new Set(declared);
  const modules = new Map<string, Map<string, { readonly local: string; asValue: boolean }>>();

  const add = (module: string, name: string, asValue: boolean, as = name): string => {
    const names = modules.get(module) ?? new Map();
    modules.set(module, names);
    const known = names.get(name);
    if (known !== undefined) {
      known.asValue ||= asValue;
      return known.local;
    }
    let local = as;
    while (taken.has(local))
      local = /^[a-z]/.test(local) ? `imported${local.charAt(0).toUpperCase()}${local.slice(1)}` : `Imported${local}`;
    taken.add(local);
    names.set(name, { local, asValue });
    return local;
  };

  return {
    type: (module, name) => add(module, name, false),
    value: (module, name, as) => add(module, name, true, as),
    print: () =>
      inModuleOrder(modules.keys()).map((module) =>
        declaration(
          module,
          [...(modules.get(module) ?? [])].map(([name, { local, asValue }]) => ({ name, local, asValue })),
        ),
      ),
  };
}

interface Specifier {
  readonly name: string;
  readonly local: string;
  readonly asValue: boolean;
}

function declaration(module: string, specifiers: readonly Specifier[]): string {
  const typesOnly = specifiers.every(({ asValue }) => !asValue);
  const texts = inNaturalOrder(specifiers, ({ local }) => local).map(
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
function inModuleOrder(modules: Iterable<string>): readonly string[] {
  const up = (module: string) => module.split("../").length;
  const placed = [...modules].map((module) => ({ module, isFile: Number(module.startsWith(".")), up: up(module), key: orderKey(module) }));
  return placed.sort((a, b) => a.isFile - b.isFile || b.up - a.up || keyOrder(a.key, b.key)).map(({ module }) => module);
}

/** Biome's order: signs, then numbers by value, then letters, each upper-case letter before its lower-case one. */
export function naturalOrder(a: string, b: string): number {
  return keyOrder(orderKey(a), orderKey(b));
}

/** The same for many: what decides is made once for each. */
export function inNaturalOrder<T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] {
  return items
    .map((item) => ({ item, key: orderKey(nameOf(item)) }))
    .sort((a, b) => keyOrder(a.key, b.key))
    .map(({ item }) => item);
}

const signs = "/._-$";
/** Above the ranks of all characters. */
const digits = 1_000_000;

/** A number for each character, and one for each run of digits. */
function orderKey(name: string): readonly number[] {
  const key: number[] = [];
  for (let index = 0; index < name.length; index++) {
    const start = index;
    while (isDigit(name.charCodeAt(index))) index++;
    if (index > start) key.push(digits + Number(name.slice(start, index)));
    if (index < name.length) key.push(characterRank(name.charCodeAt(index)));
  }
  return key;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function keyOrder(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < left.length; index++) {
    const [x, y] = [left[index] ?? 0, right[index]];
    if (y === undefined) return 1;
    if (x !== y) return x >= digits && y >= digits ? x - y : rankOf(x) - rankOf(y);
  }
  return left.length - right.length;
}

/** Beside a character a number counts as a digit. */
const rankOf = (part: number) => (part >= digits ? characterRank(48) : part);

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
