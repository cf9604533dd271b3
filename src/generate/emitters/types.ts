import type { SharedType } from "../../spec/model.js";
import type { Declaration } from "../code/declaration.js";
import { aliasOf, interfaceOf } from "../code/declaration.js";
import { fieldMember, hasDefault, type TypeCodeOptions, typeCode } from "../code/type-code.js";
import type { EmitContext, Emitter } from "../emitter.js";
import { comment, commentLines, identifier, quoted } from "../encode.js";

/** `types.gen.ts`: the shared types. */
export const typesEmitter: Emitter = {
  name: "types",
  all: (context) =>
    context.project.types.length === 0
      ? []
      : [{ path: context.paths.types, kind: "generated", template: "generated/types", view: typesView(context) }],
};

function typesView({ project }: EmitContext): object {
  const types = [...project.types].sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = [...new Set(types.map(({ file }) => file))].sort();
  const options: TypeCodeOptions = { project, shared: (name, input) => `${identifier(name)}${input ? "Input" : ""}` };
  return {
    files: comment(files.join(", ")),
    declarations: types.flatMap((shared) => [
      declarationOf(shared, identifier(shared.name), options, commentOf(shared)),
      ...(hasDefault(shared.type, project)
        ? [
            declarationOf(shared, `${identifier(shared.name)}Input`, { ...options, input: true }, [
              `${quoted(shared.name)} as the caller sends it: fields with a default may be left out.`,
            ]),
          ]
        : []),
    ]),
  };
}

function declarationOf({ type }: SharedType, name: string, options: TypeCodeOptions, comment: readonly string[]): Declaration {
  return type.kind === "object" && !type.nullable && type.fields.length > 0
    ? interfaceOf(
        name,
        type.fields.map((field) => fieldMember(field, options)),
        { comment },
      )
    : aliasOf(name, typeCode(type, options), { comment });
}

function commentOf({ type }: SharedType): readonly string[] {
  const { description } = type.keywords;
  return typeof description === "string" ? commentLines(description) : [];
}
