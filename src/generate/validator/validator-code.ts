import type { JsonSchemaObject } from "../../spec/json-schema.js";
import { withoutPragmas } from "../../spec/string-literal.js";
import type { Code } from "../code/code.js";
import { type CodePart, type OpenName, type PartCompiler, partCompiler } from "./code-part.js";
import type { Constant } from "./compile-schema.js";
import { ifLine } from "./lay-out.js";

/** Validators as source text: their statements, and what they import. */
export interface ValidatorCode {
  /** From `usecasecore/validation`. */
  readonly imports: readonly string[];
  /** Declarations, among them the functions, each of its name; without the line feed at the end. */
  readonly code: string;
}

/**
 * Compiles JSON Schemas, by the names of their functions, to code that needs no ajv where it runs: ajv writes it, field by
 * field, and we name its imports and lay it out. The same schemas give the same code. A reference to a shared type calls
 * that type's function, see `typeFunction`.
 */
export async function validatorCode(schemas: Readonly<Record<string, JsonSchemaObject>>): Promise<ValidatorCode> {
  const compiler = await partCompiler();
  const module = createModule();
  const functions = Object.entries(schemas).map(([name, schema]) => {
    const object = objectOf(schema);
    return object === undefined ? module.place(compiler.whole(schema), { name }) : objectFunction(name, object, compiler, module);
  });
  return { imports: module.imports(), code: withoutPragmas([...module.constants(), ...functions].join("\n\n")) };
}

/** The schema of an object with fields, and nothing more to say about it. */
interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonSchemaObject>>;
  readonly required: readonly string[];
}

/** Undefined for what is another schema, or says more. */
function objectOf(schema: JsonSchemaObject): ObjectSchema | undefined {
  const { type, properties, required = [], additionalProperties, ...others } = schema;
  if (type !== "object" || additionalProperties !== false || !Object.keys(others).every((keyword) => annotations.has(keyword)))
    return undefined;
  const object = { properties, required } as ObjectSchema;
  const names = Object.keys(object.properties);
  return names.length > 0 && names.every((name) => /^[A-Za-z]\w*$/.test(name)) ? object : undefined;
}

const annotations: ReadonlySet<string> = new Set(["$schema", "title", "description", "deprecated", "examples", "writeOnly"]);

/** What ajv does about all fields of an object, from what it does about each. */
function objectFunction(name: string, { properties, required }: ObjectSchema, compiler: PartCompiler, { place }: Module): string {
  const fields = Object.entries(properties).map(([field, schema]) => ({ field, ...compiler.field(schema) }));
  const { head, unknown, end, required: present } = compiler.object;
  const parts = [
    place(head, { name }),
    ...fields.map(({ field, default: part }) => (part === undefined ? "" : place(part, { field }))),
    ...required.map((field) => place(present, { field })),
    unknownFields(Object.keys(properties), unknown, place),
    ...fields.map(({ field, check }) => place(check, { field })),
    place(end, { name }),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

/** The loop that ajv writes for one known field, with all of them in its condition. */
function unknownFields([first = "", ...more]: readonly string[], part: CodePart, place: Module["place"]): string {
  const loop = place(part, { field: first });
  const isField = (field: string) => `key0 === "${field}"`;
  const unless = (condition: Code) => ifLine({ kind: "not", operand: condition }, 3);
  const all: Code = { kind: "operators", operator: "||", operands: [first, ...more].map(isField) };
  return more.length === 0 ? loop : loop.replace(unless(isField(first)), () => unless(all));
}

/** What a part's open names are where it is placed. */
interface OpenNames {
  /** The function. */
  readonly name?: string;
  readonly field?: string;
}

type Module = ReturnType<typeof createModule>;

/** Places parts in one file, which has each constant once. */
function createModule() {
  const declared = new Map<string, string>();
  const counts = new Map<string, number>();
  const imported = new Set<string>();

  const nameOf = ({ kind, code }: Constant): string => {
    const known = declared.get(code);
    if (known !== undefined) return known;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    declared.set(code, `${kind}${count}`);
    return `${kind}${count}`;
  };

  return {
    place({ pieces, constants, imports }: CodePart, { name = "", field = "" }: OpenNames): string {
      for (const each of imports) imported.add(each);
      const constantNames = constants.map(nameOf);
      const textOf = ({ open, index, mark }: OpenName) => {
        if (open === "field") return field;
        return (open === "function" ? name : constantNames[index]) ?? mark;
      };
      return pieces.map((piece) => (typeof piece === "string" ? piece : textOf(piece))).join("");
    },
    /** Their declarations, as one text. */
    constants: () => (declared.size === 0 ? [] : [[...declared].map(([code, name]) => `const ${name} = ${code};`).join("\n")]),
    imports: () => [...imported].sort(),
  };
}
