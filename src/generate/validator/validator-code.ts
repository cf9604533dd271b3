import { formats } from "../../runtime/validation/formats.js";
import type { JsonSchemaObject } from "../../spec/json-schema.js";
import { withoutPragmas } from "../../spec/string-literal.js";
import { layOut } from "./lay-out.js";
import { lowerCaseKeyword, withLowerCaseUuids } from "./lower-case-uuids.js";
import { sharedTypeKeyword, withTypeFunctions } from "./shared-types.js";

/** Validators as source text: their statements, and what they import. */
export interface ValidatorCode {
  /** From `usecasecore/validation`. */
  readonly imports: readonly string[];
  /** Declarations, among them the functions, each exported by its name; without the line feed at the end. */
  readonly code: string;
}

/**
 * Compiles JSON Schemas, by the names of their functions, to code that needs no ajv where it runs: ajv writes it, and we
 * name its imports, leave out what nothing reads, and lay it out. The same schemas give the same code. A reference to a
 * shared type calls that type's function, see `typeFunction`.
 */
export async function validatorCode(schemas: Readonly<Record<string, JsonSchemaObject>>): Promise<ValidatorCode> {
  const [{ Ajv, _ }, { default: standalone }, sharedType] = await Promise.all([
    import("ajv"),
    import("ajv/dist/standalone/index.js"),
    sharedTypeKeyword(),
  ]);
  // An instance for each file: ajv numbers names by instance. The schema is our own, so only its keywords are checked.
  const ajv = new Ajv({
    allErrors: true,
    useDefaults: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
    validateSchema: false,
    meta: false,
    formats: { ...formats },
    code: { source: true, esm: true, lines: true, formats: _`require("usecasecore/validation").formats` },
  });
  ajv.addKeyword(lowerCaseKeyword(_));
  ajv.addKeyword(sharedType);
  for (const [name, schema] of Object.entries(schemas)) {
    const { $schema: _dialect, ...rest } = schema;
    ajv.addSchema(withLowerCaseUuids(withTypeFunctions(rest)), name);
  }
  return withOwnImports(standalone.default(ajv, Object.fromEntries(Object.keys(schemas).map((name) => [name, name]))));
}

function withOwnImports(source: string): ValidatorCode {
  const imports = new Set<string>();
  const names = new Map([...source.matchAll(/^export const (\w+) = (\w+);$/gm)].map(([, name = "", made = ""]) => [made, name]));
  const lines = source.split("\n").flatMap((line) => {
    if (/^("use strict";|export const .*|\w+\.evaluated = .*|)$/.test(line)) return [];
    const required = /^const (\w+) = require\((".*")\)\.(\w+)(.*);$/.exec(line);
    if (required === null) return [line];
    const [, name = "", module = "", member = "", rest = ""] = required;
    const imported = member === "default" ? (runtimeModules[module] ?? member) : member;
    imports.add(imported);
    if (rest !== "") return [`const ${name} = ${imported}${rest};`];
    names.set(name, imported);
    return [];
  });
  return { imports: [...imports].sort(), code: withoutPragmas(layOut(withoutUnused(lines), names)) };
}

/** What ajv's own run-time modules are called in `usecasecore/validation`. */
const runtimeModules: Readonly<Record<string, string>> = {
  '"ajv/dist/runtime/equal"': "equal",
  '"ajv/dist/runtime/ucs2length"': "ucs2length",
};

/** Without the constants that nothing reads: ajv keeps the whole schema for each function. */
function withoutUnused(lines: readonly string[]): readonly string[] {
  const uses = new Map<string, number>();
  const count = (line: string, by: number) => {
    for (const word of line.match(/\w+/g) ?? []) uses.set(word, (uses.get(word) ?? 0) + by);
  };
  for (const line of lines) count(line, 1);
  // Backwards, because a constant is read by what follows it.
  return lines
    .toReversed()
    .filter((line) => {
      const name = /^const (\w+) = /.exec(line)?.[1];
      const unused = name !== undefined && uses.get(name) === 1;
      if (unused) count(line, -1);
      return !unused;
    })
    .toReversed();
}
