// Random sequences of calls of the sample use cases, beside a model of what each must do. A longer run:
// USECASE_PROPERTY_RUNS=500 npx vitest run --project db src/runtime/sequences-of-calls.db.test.ts
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExampleDatabase, openExampleDatabase, openShop, type Shop } from "../testing/server/fixtures/example.js";
import { exampleCore, type SampleName } from "../testing/server/fixtures/sample-use-cases.js";
import { UseCaseError } from "./errors.js";
import type { Executed } from "./execute.js";
import type { Fields } from "./internals.js";

const { USECASE_PROPERTY_RUNS: wanted, USECASE_PROPERTY_SEED: seed } = process.env;
const runs = Number(wanted ?? 15);
const stock = 20;

let database: ExampleDatabase;
beforeAll(async () => {
  database = await openExampleDatabase();
});
afterAll(() => database.close());

const index = fc.nat({ max: 1 });
/** Which of the orders that there are; one that there is not, while there are none. */
const order = fc.nat({ max: 5 });
const line = fc.record({ sku: index, quantity: fc.integer({ min: 1, max: 15 }) });
const step = fc.oneof(
  fc.record({ kind: fc.constant("move" as const), sku: index, from: index, to: index, quantity: fc.integer({ min: 1, max: 15 }) }),
  fc.record({ kind: fc.constant("create" as const), number: fc.nat({ max: 8 }), lines: fc.array(line, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("reserve" as const), order, shelf: index }),
  fc.record({ kind: fc.constant("pay" as const), order, right: fc.boolean() }),
  fc.record({ kind: fc.constant("ship" as const), order }),
  fc.record({ kind: fc.constant("cancel" as const), order }),
  fc.record({ kind: fc.constant("again" as const), call: fc.nat({ max: 40 }), otherCommand: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Action = Exclude<Step, { kind: "again" }>;

interface Order {
  readonly id: string;
  readonly number: number;
  readonly lines: readonly { readonly sku: number; readonly quantity: number }[];
  status: "draft" | "reserved" | "paid" | "shipped" | "cancelled";
  reserved: readonly { readonly sku: number; readonly shelf: number; readonly quantity: number }[];
}

/** What the use cases say, in a few lines: the code of the refusal, or the effect. */
class Model {
  readonly balances = [0, 1].map(() => [stock, 0].map((quantity) => ({ quantity, reserved: 0 })));
  readonly orders: Order[] = [];
  readonly messages: string[] = [];
  readonly toldToOrder = new Set<number>();
  shipped = 0;
  lines = 0;

  at(sku: number, shelf: number) {
    return this.balances[sku]?.[shelf] ?? expect.fail();
  }
  order(number: number): Order | undefined {
    return this.orders[number % Math.max(1, this.orders.length)];
  }

  refusal(action: Action): string | undefined {
    if (action.kind === "move") {
      const { quantity, reserved } = this.at(action.sku, action.from);
      if (action.from === action.to) return "SameLocation";
      return quantity - reserved < action.quantity ? "InsufficientStock" : undefined;
    }
    if (action.kind === "create") {
      if (new Set(action.lines.map(({ sku }) => sku)).size < action.lines.length) return "SkuTwice";
      return this.orders.some(({ number }) => number === action.number) ? "OrderNumberTaken" : undefined;
    }
    const of = this.order(action.order);
    if (of === undefined) return "OrderNotFound";
    if (action.kind === "pay" && !action.right) return "AmountMismatch";
    const from = { reserve: ["draft"], pay: ["reserved"], ship: ["paid"], cancel: ["draft", "reserved"] }[action.kind];
    return from.includes(of.status) ? undefined : "InvalidTransition";
  }

  apply(action: Action, result: Fields): void {
    if (action.kind === "move") {
      this.at(action.sku, action.from).quantity -= action.quantity;
      this.at(action.sku, action.to).quantity += action.quantity;
      this.messages.push("InventoryMoved");
      return;
    }
    if (action.kind === "create") {
      const { number, lines } = action;
      this.orders.push({ id: String(result["orderId"]), number, lines, status: "draft", reserved: [] });
      this.lines += lines.length;
      this.messages.push("OrderCreated");
      return;
    }
    const of = this.order(action.order) ?? expect.fail();
    if (action.kind === "reserve") {
      const { shelf } = action;
      const taken = of.lines.map(({ sku, quantity }) => {
        const { quantity: there, reserved } = this.at(sku, shelf);
        return { sku, shelf, quantity: Math.min(quantity, there - reserved), wanted: quantity };
      });
      of.reserved = taken.filter(({ quantity }) => quantity > 0);
      for (const { sku, quantity } of of.reserved) this.at(sku, shelf).reserved += quantity;
      this.messages.push(...of.reserved.map(() => "StockReserved"), "ExpireReservation");
      const isShort = taken.some(({ quantity, wanted }) => quantity < wanted);
      expect(result["short"]).toBe(isShort);
      // One job for a shelf, for as long as it has not been done.
      if (isShort && !this.toldToOrder.has(shelf)) this.messages.push("OrderStock");
      if (isShort) this.toldToOrder.add(shelf);
      of.status = "reserved";
    } else if (action.kind === "pay") {
      this.messages.push("OrderPaid", "SendReceipt");
      of.status = "paid";
    } else if (action.kind === "ship") {
      for (const { sku, shelf, quantity } of of.reserved) {
        this.at(sku, shelf).quantity -= quantity;
        this.at(sku, shelf).reserved -= quantity;
        this.shipped += quantity;
      }
      of.reserved = [];
      this.messages.push("OrderShipped");
      of.status = "shipped";
    } else {
      for (const { sku, shelf, quantity } of of.reserved) this.at(sku, shelf).reserved -= quantity;
      of.reserved = [];
      this.messages.push("OrderCancelled", "NotifyCustomer");
      of.status = "cancelled";
    }
  }
}

interface Call {
  readonly action: Action;
  readonly useCase: SampleName;
  readonly command: Fields;
  readonly key: string;
  answer?: Executed<Fields>;
}

function callOf(action: Action, model: Model, shop: Shop): Call {
  const key = randomUUID();
  const call = (useCase: SampleName, command: Fields): Call => ({ action, useCase, command, key });
  if (action.kind === "move") {
    const [fromLocationId, toLocationId] = [shop.shelves[action.from], shop.shelves[action.to]];
    return call("moveInventory", { sku: shop.skus[action.sku], fromLocationId, toLocationId, quantity: action.quantity });
  }
  if (action.kind === "create") {
    const lines = action.lines.map(({ sku, quantity }) => ({ sku: shop.skus[sku], quantity }));
    return call("createOrder", { orderNumber: String(action.number), customerId: randomUUID(), lines });
  }
  const of = model.order(action.order);
  const orderId = of?.id ?? randomUUID();
  if (action.kind === "reserve") return call("reserveInventory", { requestId: key, orderId, locationId: shop.shelves[action.shelf] });
  if (action.kind === "pay") {
    const due = (of?.lines ?? []).reduce((sum, { quantity }) => sum + quantity * 2.5, 0);
    return call("payOrder", { orderId, amount: (action.right ? due : due + 1).toFixed(2), cardToken: "tok_4242424242" });
  }
  return call(action.kind === "ship" ? "shipOrder" : "cancelOrder", { orderId });
}

test(`${runs} random sequences of moves, orders and repetitions do what the model does`, { timeout: 5_000 + runs * 2_000 }, async () => {
  const core = exampleCore(database.driver);
  const met = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      const shop = await openShop(database, stock);
      const model = new Model();
      const calls: Call[] = [];
      let [effects, refusals] = [0, 0];
      // Of a repeated call the order is still the one that it named, wherever the list has got to since.
      const targets = new Map<Call, number>();

      const execute = async (call: Call) => {
        const context = shop.context(call.key);
        return core.execute(database.useCases[call.useCase], call.command, context).catch((error: unknown) => {
          if (!(error instanceof UseCaseError)) throw error;
          return error.code;
        });
      };

      for (const each of steps) {
        const repeated = each.kind === "again" ? calls[each.call % Math.max(1, calls.length)] : undefined;
        if (each.kind === "again" && repeated === undefined) continue;
        const fresh = each.kind === "again" ? undefined : callOf(each, model, shop);
        const call = fresh ?? repeated ?? expect.fail();
        if (each.kind === "again" && each.otherCommand) {
          if (call.useCase !== "moveInventory") continue;
          const command = { ...call.command, note: "other" };
          expect(await execute({ ...call, command })).toBe("IdempotencyMismatch");
          met.add("IdempotencyMismatch");
          continue;
        }
        if (fresh !== undefined) {
          calls.push(fresh);
          if ("order" in fresh.action && model.orders.length > 0) targets.set(fresh, fresh.action.order % model.orders.length);
        }
        const answer = await execute(call);
        if (call.answer !== undefined) {
          expect(answer).toMatchObject({ replayed: true, result: call.answer.result, auditId: call.answer.auditId });
          met.add("replayed");
          continue;
        }
        // An order that there was not is not found later either.
        const known = !("order" in call.action) || targets.has(call);
        const action = targets.has(call) ? ({ ...call.action, order: targets.get(call) ?? 0 } as Action) : call.action;
        const refused = known ? model.refusal(action) : "OrderNotFound";
        if (refused !== undefined) {
          expect(answer).toBe(refused);
          met.add(refused);
          refusals += 1;
          continue;
        }
        if (typeof answer === "string") expect.fail(`${call.useCase} was refused: ${answer}`);
        model.apply(action, answer.result);
        call.answer = answer;
        met.add(call.useCase);
        effects += 1;
      }

      await expectState(shop, model, effects, refusals, calls.length);
    }),
    // The short form is the same each time; the long one looks further each time, and says its seed when it fails.
    { numRuns: runs, ...((seed !== undefined || wanted === undefined) && { seed: Number(seed ?? 1) }) },
  );
  // Sequences in which nothing happens would prove nothing.
  const expected = [
    "moveInventory",
    "createOrder",
    "reserveInventory",
    "payOrder",
    "cancelOrder",
    "replayed",
    "IdempotencyMismatch",
    "SkuTwice",
  ];
  expect([...met]).toEqual(expect.arrayContaining(expected));
});

async function expectState({ tenantId, skus, shelves }: Shop, model: Model, effects: number, refusals: number, used: number) {
  const balances = await database.rows<{ sku: string; shelf: string; quantity: number; reserved: number }>(
    "select sku, location_id shelf, quantity, reserved from inventory_balances where tenant_id = $1",
    [tenantId],
  );
  for (const { sku, shelf, quantity, reserved } of balances) {
    expect({ quantity, reserved }).toEqual(model.at(skus.indexOf(sku), shelves.indexOf(shelf)));
    expect(reserved).toBeLessThanOrEqual(quantity);
  }
  expect(balances.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(2 * stock - model.shipped);

  const orders = await database.rows<{ id: string; status: string }>("select id, status from orders where tenant_id = $1", [tenantId]);
  expect(new Map(orders.map(({ id, status }) => [id, status]))).toEqual(new Map(model.orders.map(({ id, status }) => [id, status])));

  const [counts] = await database.rows(
    `select (select count(*)::int from usecase_audit where tenant_id = $1 and outcome = 'committed') committed,
            (select count(*)::int from usecase_audit where tenant_id = $1 and outcome = 'refused') refused,
            (select count(*)::int from usecase_idempotency where tenant_id = $1) keys,
            (select count(*)::int from usecase_idempotency where tenant_id = $1 and outcome is not null) outcomes,
            (select coalesce(sum(times_ordered), 0)::int from products where sku = any($2)) ordered`,
    [tenantId, skus],
  );
  expect(counts).toEqual({ committed: effects, refused: refusals, keys: used, outcomes: effects, ordered: model.lines });
  const messages = await database.rows<{ type: string }>("select type from usecase_outbox where tenant_id = $1", [tenantId]);
  expect(messages.map(({ type }) => type).sort()).toEqual([...model.messages].sort());
}
