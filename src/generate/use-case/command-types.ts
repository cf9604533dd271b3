import { emptyObject, type Member } from "../code/code.js";
import { aliasOf, type Declaration, type DeclarationOptions, interfaceOf } from "../code/declaration.js";
import { defaultOf, fieldMember, hasDefault, type TypeCodeOptions } from "../code/type-code.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** `…Command`, which the handler gets, and `…CommandInput`, which the caller sends: fields with a default may be left out. */
export function commandTypes({ useCase, context, shared }: UseCaseParts): readonly Declaration[] {
  const { name, command } = useCase;
  const options: TypeCodeOptions = { project: context.project, shared };
  const differs = command.some(({ type }) => defaultOf(type, context.project) !== undefined || hasDefault(type, context.project));
  const input = { comment: ["What the caller sends."] };
  return [
    fieldsDeclaration(
      `${name}Command`,
      command.map((field) => fieldMember(field, options)),
    ),
    differs
      ? fieldsDeclaration(
          `${name}CommandInput`,
          command.map((field) => fieldMember(field, { ...options, input: true })),
          input,
        )
      : aliasOf(`${name}CommandInput`, `${name}Command`, input),
  ];
}

/** An interface; without members, a type that refuses any. */
export function fieldsDeclaration(name: string, members: readonly Member[], options: DeclarationOptions = {}): Declaration {
  return members.length === 0 ? aliasOf(name, emptyObject, options) : interfaceOf(name, members, options);
}
