import { severityMeanings } from "./config-schema.js";
import { type JsonSchema, valuesOf } from "./json-schema-data.js";
import { type DocumentKind, languageSchemas } from "./language-schemas.js";

/** A lint rule as editors show it in the configuration. */
export interface ConfigurableRule {
  readonly id: string;
  readonly severity: string;
  readonly summary: string;
  /** It cannot be changed. */
  readonly required?: boolean;
}

/** The schema files that editors read, by name under `schema/`. `rules`: those that the configuration may name. */
export function schemaFiles(rules: readonly ConfigurableRule[]): Readonly<Record<string, string>> {
  const kinds = Object.keys(languageSchemas) as DocumentKind[];
  return Object.fromEntries(
    kinds.map((kind) => {
      const schema = kind === "config" ? withRules(languageSchemas.config, rules) : languageSchemas[kind];
      return [`${kind}.schema.json`, `${JSON.stringify(schema, undefined, 2)}\n`];
    }),
  );
}

/** The configuration's schema with every rule by name: it knows of no rules itself, because lint stands on it. */
function withRules(schema: JsonSchema, rules: readonly ConfigurableRule[]): JsonSchema {
  const ids = rules.filter(({ required }) => required !== true).map(({ id }) => id);
  const byName = Object.fromEntries(
    rules
      .filter(({ id }) => ids.includes(id))
      .map(({ id, severity, summary }) => [id, { ...valuesOf(severityMeanings), default: severity, description: `Finds ${summary}.` }]),
  );
  const $defs = { ...(schema["$defs"] as JsonSchema), ruleId: { title: "the name of a rule", enum: ids } };
  const properties = schema["properties"] as Readonly<Record<string, JsonSchema>>;
  const lint = properties["lint"] as { readonly properties: { readonly rules: JsonSchema } };
  const ruleMapping: JsonSchema = { ...lint.properties.rules, properties: byName, additionalProperties: false };
  return { ...schema, properties: { ...properties, lint: { ...lint, properties: { ...lint.properties, rules: ruleMapping } } }, $defs };
}
