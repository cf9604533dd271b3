import { emptyObject, member, members } from "../code/code.js";
import { type Declaration, interfaceOf } from "../code/declaration.js";
import { fieldMember } from "../code/type-code.js";
import { propertyKey } from "../encode.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** `…Prepare`: what the functions of `prepare` return; undefined where there are none. */
export function prepareType({ useCase, context, shared }: UseCaseParts): Declaration | undefined {
  if (useCase.prepare.length === 0) return undefined;
  const values = useCase.prepare.map(({ name, fields }) => {
    const value = fields.map((field) => fieldMember(field, { project: context.project, shared }));
    return member(propertyKey(name), value.length === 0 ? emptyObject : members(value));
  });
  return interfaceOf(`${useCase.name}Prepare`, values, { comment: ["What was asked for before the transaction."] });
}
