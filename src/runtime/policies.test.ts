import { expect, test } from "vitest";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { type Definition, type ErasedHandler, type ErasedScope, internalsOf } from "./internals.js";
import { askEarlyPermissions, checkPolicies } from "./policies.js";
import type { AuthorizationRequest } from "./ports.js";
import { takeTransitions } from "./transitions.js";

const scope: ErasedScope = {
  command: { n: 1 },
  state: { order: { status: "draft" } },
  actor: { type: "user", id: "u", tenantId: "t" },
  prepare: undefined,
  now: new Date(0),
};

async function check(
  policies: Definition["policies"],
  checks?: ErasedHandler["checks"],
  allow: (request: AuthorizationRequest) => boolean = () => true,
) {
  const errors = { Declared: { kind: "gone" as const, message: "Declared." } };
  const { definition, handler } = internalsOf(testUseCase({ name: "Policy", policies, errors }, undefined, checks));
  const asked: string[] = [];
  const authorize = (request: AuthorizationRequest) => {
    asked.push(`${request.permission} ${JSON.stringify(request.resource)}`);
    return allow(request);
  };
  const context = { definition, handler, authorizer: { authorize } };
  await askEarlyPermissions(context, scope);
  asked.push("loaded");
  await checkPolicies(context, scope);
  return asked;
}

test("a permission without a resource is asked before anything is loaded, one with a resource or a condition afterwards", async () => {
  const policies: Definition["policies"] = [
    { permission: "late", resource: ({ state }) => state["order"] },
    { permission: "early" },
    { permission: "conditional", when: () => true },
    { permission: "never", when: () => false },
  ];
  expect(await check(policies)).toEqual(["early undefined", "loaded", 'late {"status":"draft"}', "conditional undefined"]);
});

test.each<[string, Definition["policies"], ErasedHandler["checks"], object]>([
  ["a permission", [{ permission: "p" }], {}, { code: "Forbidden", kind: "forbidden", details: { permission: "p" } }],
  [
    "a permission that looks like something else",
    [{ permission: "p", error: "Declared" }],
    {},
    { code: "Declared", kind: "gone", details: undefined },
  ],
  ["a rule", [{ rule: () => false, source: "1 > 2" }], {}, { code: "PolicyViolation", details: { policy: "1 > 2" } }],
  [
    "a rule with an error",
    [{ rule: () => false, source: "", error: "Declared", details: () => ({ a: 1 }) }],
    {},
    { code: "Declared", details: { a: 1 } },
  ],
  ["a check", [{ check: "c" }], { c: () => false }, { code: "PolicyViolation", details: { policy: "c" } }],
  [
    "a check with details",
    [{ check: "c", error: "Declared" }],
    { c: () => ({ details: { maximum: 3 } }) },
    { code: "Declared", details: { maximum: 3 } },
  ],
])("refused: %s", async (_, policies, checks, error) => {
  await expect(check(policies, checks, () => false)).rejects.toMatchObject(error);
});

test("the first that fails decides", async () => {
  const policies: Definition["policies"] = [
    { rule: () => true, source: "a" },
    { rule: () => false, source: "b", when: () => false },
    { rule: () => false, source: "c" },
    { rule: () => false, source: "d", error: "Declared" },
  ];
  await expect(check(policies)).rejects.toMatchObject({ details: { policy: "c" } });
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["a promise, which would always be true", Promise.resolve(false)],
  ["a number", 1],
])("a check that returns %s is a mistake, not a yes", async (_, verdict) => {
  await expect(check([{ check: "c" }], { c: () => verdict })).rejects.toThrow("must return true, false or { details }");
});

test("a check that the handler does not have is a mistake", async () => {
  await expect(check([{ check: "c" }])).rejects.toThrow('has no check "c"');
});

const moves = { draft: "reserved", reserved: "paid" };
const transition = (rows: unknown, more: object = {}) => {
  const transitions = [{ state: "rows", machine: "Order", event: "advance", field: "status", moves, ...more }];
  const { definition } = internalsOf(testUseCase({ name: "Move", transitions }));
  return takeTransitions(definition, { ...scope, state: { rows: rows as never } });
};

test("transitions of one row, of many, of a map, of none", () => {
  const [draft, reserved] = [{ status: "draft" }, { status: "reserved" }];
  expect(transition(draft)).toEqual([{ row: draft, field: "status", from: "draft", to: "reserved" }]);
  expect(transition([draft, reserved]).map(({ to }) => to)).toEqual(["reserved", "paid"]);
  expect(transition(new Map([["a", draft]]))).toHaveLength(1);
  expect(transition(null)).toEqual([]);
  expect(transition({ status: "shipped" }, { when: () => false })).toEqual([]);
});

test.each(["shipped", "constructor", null])("a state that does not allow the event: %s; of many rows one is enough", (status) => {
  const error = { code: "InvalidTransition", details: { machine: "Order", event: "advance", from: status } };
  expect(() => transition([{ status: "draft" }, { status }])).toThrow(expect.objectContaining(error));
});
