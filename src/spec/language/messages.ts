import { anyOf, described, type JsonSchema, listOf, mapping, mappingOf, ref, valuesOf } from "./json-schema-data.js";
import { expression } from "./scalars.js";

const declaredOrShared = (what: string, declaration: string): JsonSchema =>
  anyOf(`a mapping from ${what} names to declarations, or a list of shared names`, [
    mappingOf(`a mapping from ${what} names to declarations`, "pascalCaseName", ref(declaration)),
    listOf(
      `a list of ${what} names`,
      anyOf(`the name of a shared ${what}, or one declaration`, [
        ref("pascalCaseName"),
        mappingOf("one declaration", "pascalCaseName", ref(declaration), { minProperties: 1, maxProperties: 1 }),
      ]),
    ),
  ]);

const common = {
  cardinality: valuesOf(
    { one: "The handler must return it.", optional: "The handler may return it.", many: "The handler returns an array." },
    { default: "one", description: "How many the handler returns." },
  ),
  when: described(expression, "Decides without the handler whether it is sent."),
  payload: described(ref("computedFields"), "What it carries. A field with `from` is computed; the handler gives the others."),
} satisfies Record<string, JsonSchema>;

/** Events and jobs: stored in the outbox with the change. */
export const messages: Readonly<Record<string, JsonSchema>> = {
  events: declaredOrShared("event", "event"),
  jobs: declaredOrShared("job", "job"),
  event: mapping(
    "an event",
    {
      version: {
        title: "a whole number from 1",
        type: "integer",
        minimum: 1,
        maximum: 10000,
        default: 1,
        description: "The payload's version: a change that breaks consumers is a new version.",
      },
      key: described(expression, "The ordering key: events of one key are delivered in commit order."),
      ...common,
    },
    ["payload"],
  ),
  job: mapping(
    "a job",
    {
      key: described(expression, "The ordering key. Default: each job by itself."),
      ...common,
      delay: described(ref("duration"), "Not before so long after the commit."),
      at: described(expression, "Not before this moment: booking.startsAt - duration('1h')."),
      maxAttempts: { title: "a whole number from 1", type: "integer", minimum: 1, maximum: 1000, description: "Then it is a dead letter." },
      dedupeKey: described(expression, "While a job with this key waits, no second one is added."),
    },
    ["payload"],
    {
      if: { required: ["delay"] },
      // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword
      then: { properties: { at: false } },
    },
  ),
};
