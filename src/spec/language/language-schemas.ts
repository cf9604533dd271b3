import type { JsonValue } from "../model.js";
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
  const visit = (value: JsonValue): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        if (key === "$ref" && typeof child === "string") follow(child.slice("#/$defs/".length));
        else visit(child);
      }
    }
  };
  const follow = (name: string): void => {
    const definition = definitions[name];
    if (definition === undefined) throw new Error(`The language has no definition "${name}".`);
    if (reached.has(name)) return;
    reached.set(name, definition);
    visit(definition);
  };
  visit(root);
  const $defs = Object.fromEntries([...reached].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { $schema: "https://json-schema.org/draft/2020-12/schema", ...root, $defs };
}
