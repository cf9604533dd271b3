// The audit tells before and after of every change: of one row they must make one chain, or an update was lost.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ExampleDatabase, openExampleDatabase, openShop, type Shop } from "../testing/server/fixtures/example.js";
import { exampleCore } from "../testing/server/fixtures/sample-use-cases.js";

let database: ExampleDatabase;
beforeAll(async () => {
  database = await openExampleDatabase(12);
});
afterAll(() => database.close());

interface Change {
  readonly id: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The changes of the shop's balances of one column, each row's in the order in which its lock was held. */
const history = ({ tenantId }: Shop, column: string) =>
  database.rows<Change>(
    `select c->'key'->>'id' id, c->'before'->>$2 before, c->'after'->>$2 after
       from usecase_audit, jsonb_array_elements(changes) c
       where tenant_id = $1 and c->>'table' = 'inventoryBalances' and c->'after' ? $2 order by at`,
    [tenantId, column],
  );

/** The changes that did not begin where the one before had ended. */
function breaks(changes: readonly Change[], start: (id: string) => string | undefined): readonly Change[] {
  const last = new Map<string, string | null>();
  return changes.filter(({ id, before, after }) => {
    const expected = last.has(id) ? last.get(id) : start(id);
    last.set(id, after);
    return before !== expected;
  });
}

test("300 moves, reservations and cancellations at once: every change begins where the one before it ended", async () => {
  const { moveInventory, createOrder, reserveInventory, cancelOrder } = database.useCases;
  const shop = await openShop(database, 1_000);
  const core = exampleCore(database.driver);
  const [first, second] = shop.shelves;
  const starts = await database.rows<{ id: string; quantity: string; reserved: string }>(
    "select id, quantity::text, reserved::text from inventory_balances where tenant_id = $1",
    [shop.tenantId],
  );
  const move = (n: number) => {
    const [fromLocationId, toLocationId] = n % 3 === 0 ? [second, first] : [first, second];
    const command = { sku: shop.skus[n % 2], fromLocationId, toLocationId, quantity: 1 + (n % 5) };
    return core.execute(moveInventory, command, shop.context()).catch(({ code }) => expect(code).toBe("InsufficientStock"));
  };
  const order = async (n: number) => {
    const lines = shop.skus.map((sku) => ({ sku, quantity: 1 + (n % 4) }));
    const { result } = await core.execute(createOrder, { orderNumber: String(n), customerId: crypto.randomUUID(), lines }, shop.context());
    const { orderId } = result;
    await core.execute(reserveInventory, { requestId: crypto.randomUUID(), orderId, locationId: first }, shop.context());
    if (n % 2 === 0) await core.execute(cancelOrder, { orderId }, shop.context());
  };
  await Promise.all(Array.from({ length: 300 }, (_, n) => (n % 5 === 0 ? order(n) : move(n))));

  for (const column of ["quantity", "reserved"] as const) {
    const changes = await history(shop, column);
    expect(changes.length).toBeGreaterThan(60);
    expect(breaks(changes, (id) => starts.find((row) => row.id === id)?.[column])).toEqual([]);
    const ends = new Map(changes.map(({ id, after }) => [id, after]));
    const rows = await database.rows<{ id: string; value: string }>(
      `select id, ${column}::text as value from inventory_balances where tenant_id = $1`,
      [shop.tenantId],
    );
    for (const { id, value } of rows) if (ends.has(id)) expect(value).toBe(ends.get(id));
  }
});

test("a lost update would be found", () => {
  const change = (before: string, after: string) => ({ id: "a", before, after });
  expect(breaks([change("9", "8"), change("8", "7")], () => "9")).toEqual([]);
  expect(breaks([change("9", "8"), change("9", "7")], () => "9")).toEqual([change("9", "7")]);
});
