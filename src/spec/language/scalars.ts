import { type JsonSchema, ref } from "./json-schema-data.js";

const identifier = "[A-Za-z][A-Za-z0-9_]*";

const named = (title: string, pattern: string, maxLength = 100): JsonSchema => ({ title, type: "string", pattern, maxLength });

/** Names, expressions and durations: what every part of the language is made of. */
export const scalars: Readonly<Record<string, JsonSchema>> = {
  pascalCaseName: named("a PascalCase name", "^[A-Z][A-Za-z0-9]*$"),
  camelCaseName: named("a camelCase name", "^[a-z][A-Za-z0-9_]*$"),
  fieldName: named("a field name in camelCase, with ? at its end if it is optional", `^${identifier}\\??$`),
  propertyName: named("a property name", "^[A-Za-z_$][A-Za-z0-9_$]*$"),
  dottedName: named("a name such as inventory.move", "^[A-Za-z][A-Za-z0-9_.:/-]*$", 200),
  constraintName: named("a constraint's name in the database", "^[^\\s\"'`;\\\\]+$", 63),
  // XState takes `a.b` for a state inside of another, and `#a` for an id.
  stateName: named("the name of a state, without a dot", '^(?!#)[^\\s"`\\\\.](?:[^"`\\\\.]*[^\\s"`\\\\.])?$', 63),
  settingName: named("the name of a setting such as app.tenant_id", "^[a-z_][a-z0-9_]*\\.[a-z_][a-z0-9_.]*$", 63),
  line: { title: "one line of text", type: "string", minLength: 1, maxLength: 500, pattern: "^[^\\r\\n]*$" },
  text: { title: "text", type: "string", minLength: 1, maxLength: 20000 },
  expression: {
    title: "an expression",
    type: ["string", "number", "boolean"],
    minLength: 1,
    maxLength: 10000,
    description: "A CEL expression. A literal string inside it has quotes of its own: \"'draft'\".",
  },
  duration: {
    title: "a duration such as 500ms, 30s, 15m, 24h or 7d",
    type: "string",
    pattern: "^[0-9]{1,6}(ms|s|m|h|d)$",
  },
  timeout: {
    title: "a duration such as 500ms or 2s, at most 99h",
    type: "string",
    pattern: "^([0-9]{1,6}(ms|s)|[0-9]{1,4}m|[0-9]{1,2}h)$",
  },
};

export const expression = ref("expression");
export const errorReference: JsonSchema = { ...ref("pascalCaseName") };
