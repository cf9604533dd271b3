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
      [...modules.keys()].sort(moduleOrder).map((module) =>
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
  const texts = [...specifiers]
    .sort((a, b) => naturalOrder(a.local, b.local))
    .map(({ name, local, asValue }) => `${asValue || typesOnly ? "" : "type "}${name === local ? name : `${name} as ${local}`}`);
  const head = typesOnly ? "import type" : "import";
  const flat = `${head} { ${texts.join(", ")} } from ${literal(module)};`;
  // A single name is never put on a line of its own.
  return flat.length <= lineWidth || texts.length === 1
    ? flat
    : `${head} {\n${texts.map((text) => `  ${text},\n`).join("")}} from ${literal(module)};`;
}

/** Packages before files, and files that are further up before those that are nearer. */
function moduleOrder(a: string, b: string): number {
  const up = (module: string) => module.split("../").length;
  return Number(a.startsWith(".")) - Number(b.startsWith(".")) || up(b) - up(a) || naturalOrder(a, b);
}

/** Biome's order: signs, then numbers by value, then letters, each upper-case letter before its lower-case one. */
export function naturalOrder(a: string, b: string): number {
  const left = a.match(/\d+|\D/g) ?? [];
  const right = b.match(/\d+|\D/g) ?? [];
  for (const [index, x] of left.entries()) {
    const y = right[index];
    if (y === undefined) return 1;
    const difference = /^\d/.test(x) && /^\d/.test(y) ? Number(x) - Number(y) : characterRank(x) - characterRank(y);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

const signs = "/._-$";

function characterRank(character: string): number {
  const sign = signs.indexOf(character);
  if (sign >= 0) return sign;
  const lower = character.toLowerCase();
  return lower.charCodeAt(0) * 2 + (character === lower ? 1 : 0);
}
