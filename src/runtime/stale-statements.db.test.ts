// What a connection has prepared may vanish (a pooler, `deallocate all`) or change its result (a migration): the call is
// run again on another connection, and its caller learns nothing of it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ExampleDatabase, openExampleDatabase, openShop, shopState } from "../testing/server/fixtures/example.js";
import { exampleCases } from "../testing/server/fixtures/example-cases.js";
import { networkDrivers, type OpenedDriver } from "../testing/server/fixtures/network-drivers.js";
import { exampleCore } from "../testing/server/fixtures/sample-use-cases.js";
import type { UseCaseCore } from "./core.js";

const connections = 8;

let database: ExampleDatabase;
beforeAll(async () => {
  database = await openExampleDatabase();
});
afterAll(() => database.close());

describe.each(networkDrivers)("over %s", (_, open) => {
  let opened: OpenedDriver;
  let core: UseCaseCore;
  beforeAll(() => {
    opened = open(database.url, connections);
    core = exampleCore(opened.driver);
  });
  afterAll(() => opened.close());

  /** Deallocates on every connection of the pool at once. */
  const deallocate = async () => {
    let arrived = 0;
    let all: () => void = () => {};
    const everyone = new Promise<void>((resolve) => {
      all = resolve;
    });
    await Promise.all(
      Array.from({ length: connections }, () =>
        opened.driver.session(async (session) => {
          if (++arrived === connections) all();
          await everyone;
          await session.burst([[{ text: "deallocate all" }]]);
        }),
      ),
    );
  };
  /** Changes the type of a column, there and back, as a migration does. */
  const migrate = async () => {
    const [column] = await database.rows<{ type: string }>(
      "select data_type as type from information_schema.columns where table_name = 'inventory_balances' and column_name = 'reorder_point'",
    );
    await database.rows(`alter table inventory_balances alter reorder_point type ${column?.type === "integer" ? "bigint" : "integer"}`);
  };

  test.each([
    ["deallocated", deallocate],
    ["of another type", migrate],
  ])("statements that are %s under a warm pool", async (_, spoil) => {
    const { moveInventory } = database.useCases;
    const prepare = exampleCases["MoveInventory"] ?? expect.fail();
    const calls = async () => Promise.all(Array.from({ length: connections }, () => prepare(database, core)));
    const run = async () => {
      const all = await calls();
      return Promise.all(
        all.map(async ({ command, context, shop }) => ({ shop, answer: await core.execute(moveInventory, command, context) })),
      );
    };
    await run();
    await spoil();
    const answers = await run();
    expect(Math.max(...answers.map(({ answer }) => answer.attempts))).toBeGreaterThan(1);
    for (const { shop, answer } of answers) {
      expect(answer.replayed).toBe(false);
      expect(await shopState(database, shop)).toMatchObject({ movements: "A 30", balances: "A 30 0, A 70 0, B 0 0, B 100 0" });
    }
  });

  test("statements are deallocated and a type changes there and back under load: every call succeeds, once", async () => {
    const { moveInventory } = database.useCases;
    const shop = await openShop(database, 1_000);
    const [fromLocationId, toLocationId] = shop.shelves;
    const command = { sku: shop.skus[0], fromLocationId, toLocationId, quantity: 1 };
    let left = 150;
    let again = 0;
    const call = async () => {
      while (left-- > 0) again += (await core.execute(moveInventory, command, shop.context())).attempts - 1;
    };
    const disturb = async () => {
      for (let round = 0; left > 0; round++) await (round % 2 === 0 ? deallocate() : migrate());
    };
    await Promise.all([disturb(), ...Array.from({ length: connections }, call)]);
    expect(again).toBeGreaterThan(0);
    const { movements, balances, audit, keys } = await shopState(database, shop);
    expect(balances).toBe("A 150 0, A 850 0, B 0 0, B 1000 0");
    for (const rows of [movements, audit, keys]) expect(rows?.split(", ")).toHaveLength(150);
  });

  test("a query likewise", async () => {
    const shop = await openShop(database);
    const command = { orderNumber: "1", customerId: crypto.randomUUID(), lines: [{ sku: shop.skus[0], quantity: 1 }] };
    const { result } = await core.execute(database.useCases.createOrder, command, shop.context());
    const ask = () =>
      Promise.all(
        Array.from({ length: connections }, () => core.execute(database.useCases.getOrder, { orderId: result["orderId"] }, shop.context())),
      );
    await ask();
    await deallocate();
    expect((await ask()).map((answer) => answer.result["orderNumber"])).toEqual(Array.from({ length: connections }, () => "1"));
  });
});
