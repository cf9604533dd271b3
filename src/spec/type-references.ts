import type { Field, Located, Type } from "./model.js";

/** Every use of a shared type's name inside these fields, with its place. */
export function* referencesInFields(fields: readonly Field[]): Iterable<Located & { readonly name: string }> {
  for (const { type } of fields)
    if (type.kind === "reference" || type.kind === "array" || type.kind === "object") yield* referencesInType(type);
}

/** The same inside one type. */
export function* referencesInType(type: Type): Iterable<Located & { readonly name: string }> {
  switch (type.kind) {
    case "reference":
      yield { name: type.name, path: type.path, ...(type.file !== undefined && { file: type.file }) };
      return;
    case "array":
      yield* referencesInType(type.items);
      return;
    case "object":
      yield* referencesInFields(type.fields);
      return;
    default:
      return;
  }
}
