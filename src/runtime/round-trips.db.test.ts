// How often a warm call waits for the server, counted at a proxy that holds every packet back: no clock is read.
import { randomUUID } from "node:crypto";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTcpProxy, type TcpProxy } from "../drivers/conformance/tcp-proxy.js";
import { nodePostgres } from "../drivers/node-postgres.js";
import { postgresJs } from "../drivers/postgres-js.js";
import { type ExampleDatabase, openExampleDatabase, openShop, type Shop } from "../testing/server/fixtures/example.js";
import { exampleCore } from "../testing/server/fixtures/sample-use-cases.js";
import type { UseCaseCore } from "./core.js";
import type { Driver } from "./ports.js";

const calls = 10;

let database: ExampleDatabase;
beforeAll(async () => {
  database = await openExampleDatabase();
});
afterAll(() => database.close());

describe.each<[string, (url: string) => { driver: Driver; end(): Promise<unknown> }]>([
  [
    "node-postgres",
    (connectionString) => {
      const pool = new pg.Pool({ connectionString, pipeline: true, max: 1 });
      return { driver: nodePostgres(pool), end: () => pool.end() };
    },
  ],
  [
    "postgres.js",
    (url) => {
      const driver = postgresJs(postgres(url, { max: 1 }));
      return { driver, end: () => driver.close() };
    },
  ],
])("round trips over %s", (_, open) => {
  let proxy: TcpProxy;
  let core: UseCaseCore;
  let end: () => Promise<unknown>;
  let shop: Shop;
  let orderId: unknown;
  beforeAll(async () => {
    proxy = await startTcpProxy(database.url);
    const opened = open(proxy.url);
    end = opened.end;
    core = exampleCore(opened.driver);
    shop = await openShop(database);
    orderId = (await createOrder()).result["orderId"];
    proxy.delay(10);
  });
  afterAll(async () => {
    await end();
    await proxy.close();
  });

  const createOrder = () =>
    core.execute(
      database.useCases.createOrder,
      { orderNumber: randomUUID().slice(0, 8), customerId: randomUUID(), lines: [{ sku: shop.skus[0], quantity: 1 }] },
      shop.context(),
    );
  const move = () =>
    core.execute(
      database.useCases.moveInventory,
      { sku: shop.skus[0], fromLocationId: shop.shelves[0], toLocationId: shop.shelves[1], quantity: 1 },
      shop.context(),
    );
  const getOrder = () => core.execute(database.useCases.getOrder, { orderId }, shop.context());
  const cancelOrder = () =>
    core
      .execute(database.useCases.cancelOrder, { orderId: randomUUID() }, shop.context())
      .catch(({ code }) => expect(code).toBe("OrderNotFound"));

  test.each([
    ["MoveInventory: the locked loads, then the write with the commit", () => move(), 2.3],
    ["CreateOrder: likewise", () => createOrder(), 2.3],
    ["a refused CancelOrder: the load that found nothing, then the refusal's row", () => cancelOrder(), 2.3],
    ["GetOrder, a query of three independent loads", () => getOrder(), 1.1],
  ])("%s", async (_, call, most) => {
    await call();
    const before = proxy.turns();
    for (let n = 0; n < calls; n++) await call();
    const turns = (proxy.turns() - before) / calls;
    expect(turns).toBeLessThanOrEqual(most);
    // A proxy that counts nothing would prove nothing.
    expect(turns).toBeGreaterThanOrEqual(1);
  });
});
