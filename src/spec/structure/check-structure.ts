import { createRequire } from "node:module";
import type { Ajv2020, ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import { type DocumentKind, languageSchemas } from "../language/language-schemas.js";
import type { JsonValue } from "../model.js";
import { type Check, compileSchema } from "./compile-schema.js";
import { explainErrors, mostFaults } from "./explain-errors.js";
import type { StructureFault } from "./structure-fault.js";

const require = createRequire(import.meta.url);

const checks = new Map<DocumentKind, Check>();
const validators = new Map<DocumentKind, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/** What in a file's value is not of the language: one fault for each mistake, in the order of the file's keys. */
export function checkStructure(kind: DocumentKind, value: JsonValue): StructureFault[] {
  if (checkOf(kind)(value)) return [];
  const validate = validatorOf(kind);
  const found = new Map<string, StructureFault>();
  for (const part of partsOf(value)) {
    if (validate(part)) continue;
    for (const fault of explainErrors(validate.errors as readonly ErrorObject[], languageSchemas[kind], part))
      found.set(JSON.stringify([fault.path, fault.message]), fault);
    if (found.size >= mostFaults) break;
  }
  return [...found.values()].slice(0, mostFaults);
}

/** Entries that are explained at once: the validator takes time by the square of its errors. */
const mostEntries = 500;

/** The value with so many entries of a large section at a time; itself where there is none. */
function* partsOf(value: JsonValue): Iterable<JsonValue> {
  const root = isMapping(value) ? value : {};
  const [section, large] = Object.entries(root).find(([, part]) => isMapping(part) && Object.keys(part).length > mostEntries) ?? [];
  if (section === undefined || !isMapping(large)) return yield value;
  const entries = Object.entries(large);
  for (let from = 0; from < entries.length; from += mostEntries)
    yield* partsOf({ ...root, [section]: Object.fromEntries(entries.slice(from, from + mostEntries)) });
}

function isMapping(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Says yes or no, not why. */
function checkOf(kind: DocumentKind): Check {
  const known = checks.get(kind);
  if (known !== undefined) return known;
  const check = compileSchema(languageSchemas[kind]);
  checks.set(kind, check);
  return check;
}

/** With reasons. Compiled once, when the first file of its kind is not valid. */
function validatorOf(kind: DocumentKind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  if (ajv === undefined) {
    const { Ajv2020: Ajv } = require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
    ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateSchema: false, inlineRefs: false });
  }
  const compiled = ajv.compile(languageSchemas[kind]);
  validators.set(kind, compiled);
  return compiled;
}
