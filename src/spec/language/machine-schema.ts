import { anyOf, described, type JsonSchema, mapping, mappingOf, ref } from "./json-schema-data.js";

/** The definitions that only machines have. */
export const machineParts: Readonly<Record<string, JsonSchema>> = {
  eventName: { title: "the name of an event", type: "string", pattern: "^[A-Za-z][A-Za-z0-9_.-]*$", maxLength: 100 },
  machineState: mapping(
    "a state",
    {
      description: described(ref("text"), "For people."),
      type: { enum: ["final"], description: "`final`: no event leaves it." },
      on: mappingOf("a mapping from events to states", "eventName", ref("target"), { description: "Event → the state that follows." }),
    },
    [],
    {
      if: { required: ["type"] },
      // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword
      then: { properties: { on: false } },
    },
  ),
  target: anyOf("the name of a state", [
    ref("stateName"),
    mapping(
      "a target",
      { target: described(ref("stateName"), "The state that follows."), description: described(ref("text"), "For people.") },
      ["target"],
    ),
  ]),
};

/** A state machine: the XState subset. */
export const machineRoot: JsonSchema = mapping(
  "a state machine",
  {
    machine: described(ref("pascalCaseName"), "The name, unique in the project; the file is called by it in kebab-case."),
    description: described(ref("text"), "For people, in Markdown."),
    table: described(ref("propertyName"), "The table's export name in the Drizzle schema."),
    field: described(ref("propertyName"), "The column that holds the state."),
    initial: described(ref("stateName"), "The state of a row that is inserted."),
    states: mappingOf("a mapping from names to states", "stateName", ref("machineState"), {
      minProperties: 1,
      description: "Every state and the events that leave it.",
    }),
  },
  ["machine", "table", "field", "initial", "states"],
);
