import { expect, test } from "vitest";
import { testUseCase } from "../../testing/server/fixtures/use-case.js";
import { type Definition, type ErasedOutcomeScope, internalsOf, type Outcome } from "../internals.js";
import { composeMessages } from "./compose-messages.js";

const scope: ErasedOutcomeScope = {
  command: { sku: "A" },
  state: { row: { id: "r" } },
  actor: { type: "user", id: "u", tenantId: "t" },
  prepare: undefined,
  now: new Date(0),
  result: { orderId: "o" },
};
const compose = (messages: Pick<Definition, "events" | "jobs">, outcome: Outcome, given = scope) => {
  let ids = 0;
  return composeMessages(internalsOf(testUseCase({ name: "Send", ...messages })).definition, outcome, given, () => `id-${++ids}`);
};

test("what the handler gives and what the spec computes are one payload; fields that nobody declared are left out", () => {
  const events = {
    Sent: { given: ["n"], computed: { sku: () => "A" }, key: ({ payload }: { payload: object }) => String(Reflect.get(payload, "n")) },
  };
  const [message] = compose({ events }, { events: { Sent: { n: 1, password: "p" } } });
  expect(message).toMatchObject({ kind: "event", id: "id-1", type: "Sent", version: 1, key: "1", payload: { n: 1, sku: "A" } });
  expect(message?.payload).not.toHaveProperty("password");
});

test.each<[string, Pick<Definition, "events" | "jobs">, Outcome, readonly object[]]>([
  ["asks for nothing: is sent without the handler", { events: { Sent: { computed: { n: () => 1 } } } }, {}, [{ n: 1 }]],
  ["whose condition does not hold", { events: { Sent: { given: ["n"], when: () => false } } }, { events: { Sent: { n: 1 } } }, []],
  ["optional, not given", { jobs: { Sent: { given: ["n"], cardinality: "optional" } } }, {}, []],
  ["optional, given", { jobs: { Sent: { given: ["n"], cardinality: "optional" } } }, { jobs: { Sent: { n: 1 } } }, [{ n: 1 }]],
  ["many", { events: { Sent: { given: ["n"], cardinality: "many" } } }, { events: { Sent: [{ n: 1 }, { n: 2 }] } }, [{ n: 1 }, { n: 2 }]],
  ["many, none", { events: { Sent: { given: ["n"], cardinality: "many" } } }, { events: { Sent: [] } }, []],
])("a message that is %s", (_, messages, outcome, payloads) => {
  expect(compose(messages, outcome).map(({ payload }) => payload)).toEqual(payloads);
});

test.each<[string, Pick<Definition, "events" | "jobs">, Outcome, string]>([
  ["a message that must be given is missing", { events: { Sent: { given: ["n"] } } }, {}, "is missing"],
  ["many that are no array", { events: { Sent: { given: ["n"], cardinality: "many" } } }, {}, "must be an array"],
  ["one that is an array", { events: { Sent: { given: ["n"] } } }, { events: { Sent: [] } }, "must be an object"],
  ["an undeclared one", { events: {} }, { events: { Other: {} } }, 'gave the event "Other"'],
  ["a job among the events", { jobs: { Sent: {} } }, { events: { Sent: {} } }, 'gave the event "Sent"'],
  ["a name of every object", { events: {} }, { events: { constructor: {} } }, 'gave the event "constructor"'],
  ["a key that is nothing", { events: { Sent: { key: () => undefined as unknown as string } } }, {}, "The key of Sent is undefined"],
])("refused: %s", (_, messages, outcome, error) => {
  expect(() => compose(messages, outcome)).toThrow(error);
});

test.each<[string, Definition["events"] | undefined, Definition["jobs"] | undefined, ErasedOutcomeScope, boolean]>([
  ["an event with a key that no load stands for", { Sent: { key: () => "k" } }, undefined, scope, true],
  ["one whose row is locked", { Sent: { key: () => "k", serialisedBy: ["row"] } }, undefined, scope, false],
  ["one whose row was not loaded this time", { Sent: { key: () => "k", serialisedBy: ["row"] } }, undefined, { ...scope, state: {} }, true],
  ["an event without key", { Sent: {} }, undefined, scope, false],
  ["a job", undefined, { Sent: { key: () => "k" } }, scope, false],
])("%s needs a lock on its key: %#", (_, events, jobs, given, needed) => {
  const messages = { ...(events && { events }), ...(jobs && { jobs }) };
  expect(compose(messages, {}, given).map(({ needsKeyLock }) => needsKeyLock)).toEqual([needed]);
});

test("a job's own id is its key, unless it has another", () => {
  const jobs = { A: {}, B: { key: () => "k", dedupeKey: () => "d", delaySeconds: 30, maxAttempts: 8, at: () => new Date(1) } };
  expect(compose({ jobs }, {})).toMatchObject([
    { id: "id-1", key: "id-1", dedupeKey: undefined },
    { id: "id-2", key: "k", dedupeKey: "d", delaySeconds: 30, maxAttempts: 8, at: new Date(1) },
  ]);
});
