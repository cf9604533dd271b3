// The example's own trigger, from the reservation that sends its job to the order that is cancelled by it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExampleDatabase, openExampleDatabase, type Shop, shopState } from "../../testing/server/fixtures/example.js";
import { exampleCases } from "../../testing/server/fixtures/example-cases.js";
import { exampleCore } from "../../testing/server/fixtures/sample-use-cases.js";
import type { UseCaseCore } from "../core.js";
import { createRelay } from "./relay.js";

let database: ExampleDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openExampleDatabase();
  core = exampleCore(database.driver);
});
afterAll(() => database.close());

/** An order that is reserved, and half an hour goes by; what was delivered by then. */
async function halfAnHourAfter(meanwhile: (shop: Shop, orderId: unknown) => Promise<unknown>) {
  const prepare = exampleCases["ReserveInventory"] ?? expect.fail();
  const { shop, command, context } = await prepare(database, core);
  await core.execute(database.useCases.reserveInventory, command, context);
  const waits =
    "type = 'ExpireReservation' and tenant_id = $1 and not_before - created_at between interval '29 minutes' and interval '31 minutes'";
  const [job] = await database.rows(`select payload from usecase_outbox where ${waits}`, [shop.tenantId]);
  expect(job).toEqual({ payload: { orderId: command["orderId"] } });
  await meanwhile(shop, command["orderId"]);
  await database.rows("update usecase_outbox set not_before = now() where type = 'ExpireReservation' and tenant_id = $1", [shop.tenantId]);
  const { expireReservation } = database.useCases;
  const delivered: string[] = [];
  const deliver = async ({ type }: { readonly type: string }) => void delivered.push(type);
  await createRelay({ driver: database.driver, core, useCases: { expireReservation }, deliver, pollMs: 20 }).drain();
  const audit = await database.rows(
    "select outcome, actor ->> 'type' actor, actor ->> 'id' id, subject_id subject, causation_id is not null caused from usecase_audit where action = 'order.expired' and tenant_id = $1",
    [shop.tenantId],
  );
  return { state: await shopState(database, shop), delivered, audit, orderId: command["orderId"] };
}

test("an order that nobody pays is cancelled in the system's name, and its stock is free again", async () => {
  const { state, delivered, audit, orderId } = await halfAnHourAfter(async () => {});
  expect(state).toMatchObject({
    orders: "1 cancelled 12.50 t f",
    reservations: "",
    balances: "A 0 0, A 100 0, B 0 0, B 100 0",
    outbox: "",
  });
  expect(audit).toEqual([{ outcome: "committed", actor: "system", id: "ExpireReservation", subject: orderId, caused: true }]);
  expect(delivered).toContain("OrderExpired");
});

test("one that was paid meanwhile stays paid, and its job is done all the same", async () => {
  const { state, delivered, audit } = await halfAnHourAfter((shop, orderId) =>
    core.execute(database.useCases.payOrder, { orderId, amount: "12.50", cardToken: "tok_4242424242" }, shop.context()),
  );
  expect(state).toMatchObject({ orders: "1 paid 12.50 t f", reservations: "2, 3", outbox: "" });
  expect(audit).toMatchObject([{ outcome: "refused" }]);
  expect(delivered).toEqual(expect.arrayContaining(["OrderPaid", "SendReceipt"]));
  expect(delivered).not.toContain("OrderExpired");
});
