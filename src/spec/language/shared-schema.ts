import { described, type JsonSchema, mapping, mappingOf, ref } from "./json-schema-data.js";

/** What several use cases use: by name, without redeclaring. */
export const sharedRoot: JsonSchema = mapping(
  "a shared file",
  {
    types: mappingOf("a mapping from names to types", "pascalCaseName", ref("type"), { description: "Types, by name." }),
    errors: described(ref("errorMapping"), "Errors, by name: a use case lists those it uses."),
    events: mappingOf("a mapping from event names to declarations", "pascalCaseName", ref("event"), {
      description: "Events, by name: a use case lists those it sends.",
    }),
    jobs: mappingOf("a mapping from job names to declarations", "pascalCaseName", ref("job"), {
      description: "Jobs, by name: a use case lists those it sends.",
    }),
    policies: mappingOf("a mapping from names to lists of policies", "camelCaseName", ref("policyList"), {
      description: "Lists of policies, by name: `- policy: <name>` inserts one.",
    }),
  },
  [],
);
