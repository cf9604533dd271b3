import type { JsonSchemaObject } from "../../spec/json-schema.js";
import { createMemo } from "../../spec/memo.js";
import type { JsonValue } from "../../spec/model.js";
import { type CompileSchema, type Constant, schemaCompiler } from "./compile-schema.js";
import { layOut } from "./lay-out.js";
import { openLimit, withOpenLimits } from "./open-limits.js";
import { typeFunction, withOpenTypes } from "./shared-types.js";

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

/** What an object's function does about a field. */
export interface FieldParts {
  readonly default: CodePart | undefined;
  readonly check: CodePart;
}

/** Compiles functions, an object's in parts. */
export interface PartCompiler {
  /** The parts of an object's function that depend on no schema. */
  readonly object: Readonly<Record<"head" | "required" | "unknown" | "end", CodePart>>;
  field(schema: JsonSchemaObject): FieldParts;
  /** The whole function of a schema. */
  whole(schema: JsonSchemaObject): CodePart;
}

type Part = keyof PartCompiler["object"] | keyof FieldParts | "whole";

const mostKnown = 2_000;

let compiler: Promise<PartCompiler> | undefined;

/** One for all: it keeps the latest parts, which depend on what is given alone. Most fields of a project are of few types. */
export function partCompiler(): Promise<PartCompiler> {
  compiler ??= schemaCompiler().then(createPartCompiler);
  return compiler;
}

function createPartCompiler(compileSchema: CompileSchema): PartCompiler {
  const parts = createMemo<CodePart>(mostKnown);
  const fields = createMemo<FieldParts>(mostKnown);
  const compile = (part: Part, given: JsonValue): CodePart => {
    const text = JSON.stringify(given);
    return parts(`${part} ${text}`, () => {
      const marks = marksBeside(text);
      const { lines, constants, imports } = compileSchema(schemaFor[part](marks.field, given), marks);
      return { pieces: piecesOf(codeOf(part, lines), marks), constants, imports };
    });
  };
  const compileField = ({ default: value, ...schema }: JsonSchemaObject): FieldParts => {
    const { schema: typed, types } = withOpenTypes(schema);
    const { schema: open, limits } = withOpenLimits(typed);
    return { default: value === undefined ? undefined : compile("default", value), check: closed(compile("check", open), types, limits) };
  };
  return {
    object: {
      head: compile("head", null),
      required: compile("required", null),
      unknown: compile("unknown", null),
      end: compile("end", null),
    },
    field: (schema) => fields(JSON.stringify(schema), () => compileField(schema)),
    whole(schema) {
      const { schema: open, types } = withOpenTypes(schema);
      return closed(compile("whole", open), types, []);
    },
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

/** A part with the functions of its shared types, and its limits. */
function closed({ pieces, ...others }: CodePart, types: readonly string[], limits: readonly number[]): CodePart {
  const given = { type: types.map(typeFunction), limit: limits.map(String) };
  const close = (piece: CodePart["pieces"][number]) => {
    if (typeof piece === "string" || (piece.open !== "type" && piece.open !== "limit")) return piece;
    return given[piece.open][piece.index] ?? piece.mark;
  };
  return { pieces: pieces.map(close), ...others };
}
