import { configParts, configRoot } from "./config-schema.js";
import { errors } from "./errors.js";
import type { JsonSchema } from "./json-schema-data.js";
import { loads } from "./loads.js";
import { machineParts, machineRoot } from "./machine-schema.js";
import { messages } from "./messages.js";
import { policies } from "./policies.js";
import { scalars } from "./scalars.js";
import { sharedRoot } from "./shared-schema.js";
import { types } from "./types.js";
import { useCaseParts, useCaseRoot } from "./use-case-schema.js";
import { writes } from "./writes.js";

/** The kinds of files that the language has. */
export type DocumentKind = "usecase" | "machine" | "shared" | "config";

const common = { ...scalars, ...types };
const actions = { ...common, ...loads, ...policies, ...writes, ...errors, ...messages };

/** The one definition of the language: a JSON Schema 2020-12 for each kind of file. */
export const languageSchemas: Readonly<Record<DocumentKind, JsonSchema>> = {
  usecase: complete(useCaseRoot, { ...actions, ...useCaseParts }),
  machine: complete(machineRoot, { ...common, ...machineParts }),
  shared: complete(sharedRoot, actions),
  config: complete(configRoot, { ...common, ...configParts }),
};

/** The root with those definitions that it reaches. */
function complete(root: JsonSchema, definitions: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const reached = new Map<string, JsonSchema>();
  const follow = (schema: JsonSchema): void => {
    for (const [, name = ""] of JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)) {
      const definition = definitions[name];
      if (definition === undefined) throw new Error(`The language has no definition "${name}".`);
      if (reached.has(name)) continue;
      reached.set(name, definition);
      follow(definition);
    }
  };
  follow(root);
  const $defs = Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { $schema: "https://json-schema.org/draft/2020-12/schema", ...root, $defs };
}
