// What is explained is what a real call sends.
import { afterAll, beforeAll, expect, test } from "vitest";
import { capturingDriver } from "../../testing/server/fixtures/capturing-driver.js";
import { type ExampleDatabase, openExampleDatabase } from "../../testing/server/fixtures/example.js";
import { exampleCases } from "../../testing/server/fixtures/example-cases.js";
import { exampleCore } from "../../testing/server/fixtures/sample-use-cases.js";
import { createUseCaseCore, type UseCaseCore } from "../core.js";
import type { Explanation } from "./explanation.js";

let database: ExampleDatabase;
let core: UseCaseCore;
const sent: string[][] = [];
beforeAll(async () => {
  database = await openExampleDatabase();
  core = exampleCore(capturingDriver(database.driver, sent));
});
afterAll(() => database.close());

/** Without the write, where that is of as many rows as the handler has decided upon. */
const fixed = ({ bursts }: Explanation, captured: readonly (readonly string[])[]) =>
  bursts.map(({ statements }, burst) => statements.map(({ sql, varies }, at) => (varies === "decision" ? captured[burst]?.[at] : sql)));

test.each(Object.entries(exampleCases))("%s sends what is explained", async (_, prepare) => {
  const call = await prepare(database, core);
  const explanation = core.explanation(database.useCases[call.useCase]);
  sent.length = 0;
  await core.execute(database.useCases[call.useCase], call.command, call.context);
  expect(fixed(explanation, sent)).toEqual(sent);
  expect(explanation.roundTrips).toBe(sent.length);
});

test("a write of one row of each kind is shown as it is sent", async () => {
  const payOrder = exampleCases["PayOrder"] ?? expect.unreachable("no PayOrder");
  const call = await payOrder(database, core);
  const { bursts } = core.explanation(database.useCases.payOrder);
  sent.length = 0;
  await core.execute(database.useCases[call.useCase], call.command, call.context);
  expect(bursts.map(({ statements }) => statements.map(({ sql }) => sql))).toEqual(sent);
});

test("a query sends what is explained", async () => {
  const createOrder = exampleCases["CreateOrder"] ?? expect.unreachable("no CreateOrder");
  const { command, context } = await createOrder(database, core);
  const { result } = await core.execute(database.useCases.createOrder, command, context);
  const explanation = core.explanation(database.useCases.getOrder);
  sent.length = 0;
  await core.execute(database.useCases.getOrder, { orderId: result["orderId"] }, context);
  expect(fixed(explanation, sent)).toEqual(sent);
  expect(explanation).toMatchObject({ kind: "query", roundTrips: 1, lockOrder: [], retries: { count: 0, after: [] } });
});

test("what is explained of a refused call comes true", async () => {
  const { refusals } = core.explanation(database.useCases.moveInventory);
  const moveInventory = exampleCases["MoveInventory"] ?? expect.unreachable("no MoveInventory");
  const { useCase, command, context } = await moveInventory(database, core);
  const other = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => false } });
  const calls: readonly (readonly [UseCaseCore, object, object])[] = [
    [core, { ...command, quantity: 0 }, {}],
    [core, command, { reason: " " }],
    [core, command, { idempotencyKey: "" }],
    [other, command, { idempotencyKey: "first" }],
    [core, { ...command, fromLocationId: context.idempotencyKey }, {}],
    [core, { ...command, toLocationId: command["fromLocationId"] }, {}],
    [core, { ...command, toLocationId: command["fromLocationId"] }, { idempotencyKey: "second" }],
    [core, { ...command, quantity: 101 }, { idempotencyKey: "third" }],
  ];
  const met: { code: string; kind: string }[] = [];
  for (const [through, changed, given] of calls) {
    const answer = await through.tryExecute(database.useCases[useCase], changed as typeof command, { ...context, ...given });
    if (!answer.ok) met.push({ code: answer.error.code, kind: answer.error.kind });
  }
  expect(met.map(({ code }) => code)).toEqual([
    "ValidationFailed",
    "ReasonRequired",
    "IdempotencyKeyRequired",
    "Forbidden",
    "BalanceNotFound",
    "IdempotencyMismatch",
    "SameLocation",
    "InsufficientStock",
  ]);
  const order = refusals.map(({ code }) => code);
  for (const refusal of met) expect(refusals).toContainEqual(expect.objectContaining(refusal));
  expect(order.indexOf("Forbidden")).toBeLessThan(order.indexOf("BalanceNotFound"));
  expect(order.at(-1)).toBe("Unavailable");
});
