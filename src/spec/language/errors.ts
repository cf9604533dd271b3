import { anyOf, described, type JsonSchema, listOf, mapping, mappingOf, ref, valuesOf } from "./json-schema-data.js";

const errorKindMeanings = {
  invalid: "The command itself is wrong, whatever the state. 400",
  forbidden: "This caller may not. 403",
  "not-found": "There is no such thing (or the caller may not know). 404",
  conflict: "The state does not allow it now. 409",
  gone: "There was such a thing. 410",
  unprocessable: "Understood, but it makes no sense. 422",
  "rate-limited": "Too many of them; later again. 429",
} as const;

const declaration = anyOf("an error's kind, or a mapping with kind", [ref("errorKind"), ref("errorDeclaration")]);

/** Every refusal is declared and typed. */
export const errors: Readonly<Record<string, JsonSchema>> = {
  errors: anyOf("a mapping from error names to kinds or declarations, or a list of shared names", [
    ref("errorMapping"),
    listOf(
      "a list of error names",
      anyOf("the name of a shared error, or one declaration such as NotStocked: conflict", [
        ref("pascalCaseName"),
        mappingOf("one declaration such as NotStocked: conflict", "pascalCaseName", declaration, { minProperties: 1, maxProperties: 1 }),
      ]),
    ),
  ]),
  errorMapping: mappingOf("a mapping from error names to kinds or declarations", "pascalCaseName", declaration),
  errorKind: {
    title: "an error's kind",
    ...valuesOf(errorKindMeanings),
    description: "What kind of refusal it is; over HTTP, the status.",
  },
  errorDeclaration: mapping(
    "an error",
    {
      kind: ref("errorKind"),
      message: described(ref("line"), "For people. Default: the name as a sentence."),
      details: described(ref("fields"), "What the refusal tells besides."),
      constraint: described(
        anyOf("a constraint's name, or a list of them", [
          ref("constraintName"),
          listOf("a list of constraint names", ref("constraintName"), { minItems: 1, uniqueItems: true }),
        ]),
        "The database's own refusal (unique, exclusion, check, foreign key) that means this error.",
      ),
    },
    ["kind"],
  ),
};
