import { fieldsJsonSchema, type JsonSchemaObject, typeJsonSchema } from "../../spec/json-schema.js";
import type { Project, UseCase } from "../../spec/model.js";
import { findType } from "../../spec/resolve-type.js";
import { createImports } from "../code/imports.js";
import type { EmitContext, Emitter, View } from "../emitter.js";
import { comment, identifier } from "../encode.js";
import type { UseCaseFacts } from "../use-case-facts.js";
import { typeFunction } from "../validator/shared-types.js";
import { validatorCode } from "../validator/validator-code.js";

/**
 * `<name>/<name>.validator.gen.ts`: the command's JSON Schema, compiled; `types.validator.gen.ts`: those of the shared
 * types that commands have.
 */
export const validatorEmitter: Emitter = {
  name: "validator",
  each: async (useCase, context) => [await commandView(useCase, context)],
  all: typesView,
};

async function commandView({ name, file, command }: UseCase, { project, paths }: EmitContext): Promise<View> {
  const { validator: path } = paths.useCase(name);
  const imports = createImports(new Set());
  const { schema, references } = fieldsJsonSchema(project, command);
  const validator = await validatorCode({ validate: schema });
  imports.type("usecasecore/validation", "CompiledValidator");
  for (const imported of validator.imports) imports.value("usecasecore/validation", imported);
  for (const type of references) imports.value(paths.importOf(path, paths.typeValidators), typeFunction(type));
  return {
    path,
    kind: "generated",
    template: "generated/validator",
    view: { spec: comment(file), name: identifier(name), imports: imports.print(), code: validator.code },
  };
}

async function typesView({ project, paths }: EmitContext, facts: readonly UseCaseFacts[]): Promise<readonly View[]> {
  const schemas = typesInCommands(project, facts);
  if (schemas.size === 0) return [];
  const files = new Set([...schemas.keys()].flatMap((name) => findType(project, name)?.file ?? []));
  const functions = [...schemas].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, schema]) => [typeFunction(name), schema] as const);
  const { imports: used, code } = await validatorCode(Object.fromEntries(functions));
  const imports = createImports(new Set());
  for (const imported of used) imports.value("usecasecore/validation", imported);
  return [
    {
      path: paths.typeValidators,
      kind: "generated",
      template: "generated/type-validators",
      view: {
        files: comment([...files].sort().join(", ")),
        imports: imports.print(),
        code: code.replace(/^function (?=check)/gm, "export function "),
      },
    },
  ];
}

/** The shared types that commands have, and those that these have. */
function typesInCommands(project: Pick<Project, "types">, facts: readonly UseCaseFacts[]): ReadonlyMap<string, JsonSchemaObject> {
  const schemas = new Map<string, JsonSchemaObject>();
  const open = facts.flatMap(({ types }) => types);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const declared = schemas.has(name) ? undefined : findType(project, name);
    if (declared === undefined) continue;
    const { schema, references } = typeJsonSchema(project, declared.type);
    schemas.set(name, schema);
    open.push(...references);
  }
  return schemas;
}
