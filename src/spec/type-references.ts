import type { Field, Located, Type } from "./model.js";

/** A use of a shared type's name. */
export type TypeReference = Located & { readonly name: string };

/** Every use of a shared type's name inside these fields, with its place. */
export function referencesInFields(fields: readonly Field[]): readonly TypeReference[] {
  return fields.flatMap(({ type }) => referencesInType(type));
}

/** The same inside one type. */
export function referencesInType(type: Type): readonly TypeReference[] {
  switch (type.kind) {
    case "reference":
      return [{ name: type.name, path: type.path, ...(type.file !== undefined && { file: type.file }) }];
    case "array":
      return referencesInType(type.items);
    case "object":
      return referencesInFields(type.fields);
    default:
      return none;
  }
}

const none: readonly TypeReference[] = [];
