import type { JsonSchemaObject } from "../../spec/json-schema.js";
import { createMemo } from "../../spec/memo.js";
import type { JsonValue } from "../../spec/model.js";
import { type CompileSchema, type Constant, schemaCompiler } from "./compile-schema.js";
import { layOut } from "./lay-out.js";
import { openLimit } from "./open-limits.js";

/** Code of a validator, laid out, in which the names that depend on where it is placed are open. */
export interface CodePart {
  readonly pieces: readonly (string | OpenName)[];
  readonly constants: readonly Constant[];
  /** From `usecasecore/validation`. */
  readonly imports: readonly string[];
}

/** The name of the function or of the field; or, by its index, of a constant, of a shared type's function, or a limit. */
export interface OpenName {
  readonly open: "function" | "field" | "constant" | "type" | "limit";
  readonly index: number;
  /** As it stands where nothing is given: a number that only looks like a limit's place. */
  readonly mark: string;
}

/** A schema's whole function; or of the function of an object the head, the end, and what it does about a field. */
export type Part = "whole" | "head" | "required" | "default" | "unknown" | "check" | "end";

/** A part for what is given: a schema; for a default its value; nothing where the field's name is all. */
export type CompilePart = (part: Part, given: JsonValue) => CodePart;

const mostKnown = 2_000;

let compiler: Promise<CompilePart> | undefined;

/** One for all: it keeps the latest parts, which depend on what is given alone. Most fields of a project are of few types. */
export function partCompiler(): Promise<CompilePart> {
  compiler ??= schemaCompiler().then(createPartCompiler);
  return compiler;
}

function createPartCompiler(compile: CompileSchema): CompilePart {
  const known = createMemo<CodePart>(mostKnown);
  return (part, given) => {
    const text = JSON.stringify(given);
    return known(`${part} ${text}`, () => {
      const marks = marksBeside(text);
      const { lines, constants, imports } = compile(schemaFor[part](marks.field, given), marks);
      return { pieces: piecesOf(codeOf(part, lines), marks), constants, imports };
    });
  };
}

/** The schema whose function has the part: of an object with one field and one thing to do about it. */
const schemaFor: Readonly<Record<Part, (field: string, given: JsonValue) => JsonSchemaObject>> = {
  whole: (_, schema) => schema as JsonSchemaObject,
  head: (field) => ({ type: "object", required: [field] }),
  required: (field) => ({ required: [field] }),
  default: (field, value) => ({ properties: { [field]: { default: value } } }),
  unknown: (field) => ({ properties: { [field]: {} }, additionalProperties: false }),
  check: (field, schema) => ({ properties: { [field]: schema } }),
  end: (field) => ({ type: "object", required: [field] }),
};

function codeOf(part: Part, lines: readonly string[]): string {
  if (part === "whole") return layOut(lines);
  // The first block of the function is the one that looks into objects; where there is nothing to do there is none.
  const start = lines.findIndex((line) => line.startsWith("if(data && ")) + 1;
  if (start === 0) return "";
  const end = endOfBlock(lines, start);
  if (part === "head") return layOut(lines.slice(0, start));
  return part === "end" ? layOut(lines.slice(end), 2) : layOut(lines.slice(start, end), 2);
}

function endOfBlock(lines: readonly string[], start: number): number {
  let depth = 1;
  for (let index = start; index < lines.length; index++) {
    if (lines[index] === "}") depth--;
    if (depth === 0) return index;
    if (lines[index]?.endsWith("{")) depth++;
  }
  return lines.length;
}

/** What stands for open names, beside a text that has nothing like it. */
function marksBeside(text: string) {
  let base = "name_";
  while (text.includes(base)) base += "_";
  return {
    base,
    field: `${base}field0`,
    function: `${base}function0`,
    constant: (index: number) => `${base}constant${index}`,
    type: (index: number) => `${base}type${index}`,
  };
}

function piecesOf(code: string, { base }: ReturnType<typeof marksBeside>): CodePart["pieces"] {
  const pieces: (string | OpenName)[] = [];
  let start = 0;
  const marks = new RegExp(`${base}([a-z]+)(\\d+)|\\b${openLimit}(\\d\\d)\\b`, "g");
  for (const { 0: mark, 1: open = "limit", 2: name, 3: index = name, index: at } of code.matchAll(marks)) {
    pieces.push(code.slice(start, at), { open: open as OpenName["open"], index: Number(index), mark });
    start = at + mark.length;
  }
  return [...pieces, code.slice(start)];
}
