import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { decide } from "../testing/decide.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { openEmbeddedDatabase } from "../testing/server/fixtures/embedded.js";
import { noon } from "../testing/server/fixtures/stock.js";
import { orders, ordersRepository, settings, settingsRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import type { Definition, ErasedScope, Fields } from "./internals.js";

type Writes = Readonly<Record<string, { insert(row: object): unknown }>>;
const tenant = ({ actor }: ErasedScope) => actor.tenantId;

describe.each([
  ["node-postgres", openRuntimeDatabase],
  ["PGlite", openEmbeddedDatabase],
])("over %s", (_, open) => {
  let database: RuntimeDatabase;
  let core: UseCaseCore;
  let tenantId: string;
  const bursts: number[] = [];
  beforeAll(async () => {
    database = await open();
    core = createUseCaseCore({
      driver: {
        ...database.driver,
        session: (work) =>
          database.driver.session(({ burst }) =>
            work({
              burst(items) {
                bursts.push(items.length);
                return burst(items);
              },
            }),
          ),
      },
      clock: () => noon,
    });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    tenantId = `t-${randomUUID()}`;
    bursts.length = 0;
    await database.db.insert(settings).values([
      { tenantId, name: "a", value: "1", reads: 1 },
      { tenantId, name: "b", value: "2", reads: 2 },
      { tenantId, name: "c", value: "3", reads: 3 },
      { tenantId: `${tenantId}-other`, name: "a", value: "1", reads: 1 },
    ]);
  });

  const clear = (where: object, apply: (writes: Writes) => unknown = () => {}, more: Partial<Definition> = {}) =>
    testUseCase(
      {
        name: "Clear",
        writes: { settings: { into: settingsRepository, insert: true } },
        deletes: { settings: { from: settingsRepository, where: { tenantId: tenant, ...where } as never } },
        ...more,
      },
      (input) => {
        apply(input["writes"] as Writes);
        return { result: {} };
      },
    );
  const run = async (useCase: ReturnType<typeof clear>, command: Fields = {}) => {
    const { auditId } = await core.execute(useCase, command, { actor: { type: "user", id: "u-1", tenantId } });
    const [audit] = await database.rows<{ changes: Fields[] }>("select changes from usecase_audit where id = $1", [auditId]);
    return audit?.changes;
  };
  const names = async (of = tenantId) =>
    (await database.rows<{ name: string }>("select name from settings where tenant_id = $1 order by name", [of])).map(({ name }) => name);

  test("take all rows that match, in the write's burst; the audit has the condition's values and the count", async () => {
    const useCase = clear({ reads: { gte: ({ command }: ErasedScope) => command["least"] }, NOT: { name: { in: () => ["c"] } } });
    expect(await run(useCase, { least: 1 })).toEqual([
      { table: "settings", operation: "delete", key: {}, where: { tenantId, reads: { gte: 1 }, NOT: { name: { in: ["c"] } } }, count: 2 },
    ]);
    expect(await names()).toEqual(["c"]);
    expect(await names(`${tenantId}-other`)).toEqual(["a"]);
    expect(bursts).toHaveLength(2);
    expect(core.explain(useCase)).toMatch(
      /x0_rows as materialized \(select .* order by .* for update\),\n +x0 as \(delete from "settings"/,
    );
  });

  test("that find nothing are counted too; a value that is missing finds nothing", async () => {
    expect(await run(clear({ value: ({ command }: ErasedScope) => command["none"] }))).toMatchObject([
      { where: { value: null }, count: 0 },
    ]);
    expect(await names()).toEqual(["a", "b", "c"]);
  });

  test("come before inserts, which may take what they free", async () => {
    const useCase = clear({}, ({ settings }) => {
      settings?.insert({ name: "a", value: "new" });
      settings?.insert({ name: "z", value: "new" });
    });
    expect(await run(useCase)).toMatchObject([
      { operation: "delete", count: 3 },
      { operation: "insert", key: { name: "a" } },
      { operation: "insert", key: { name: "z" } },
    ]);
    expect(await names()).toEqual(["a", "z"]);
  });

  test("take hostile text as a value, and show no secret column", async () => {
    await database.db.insert(orders).values({ id: randomUUID(), tenantId, orderNumber: "1", secretNote: "hush" });
    const where = { tenantId: tenant, secretNote: () => "hush' or true --" } as never;
    const changes = await run(clear({}, undefined, { deletes: { settings: { from: ordersRepository, where } } }));
    expect(changes).toMatchObject([{ table: "orders", where: { secretNote: "[redacted]" }, count: 0 }]);
    expect(await database.rows("select 1 as one from orders where tenant_id = $1", [tenantId])).toEqual([{ one: 1 }]);
  });

  test("without any condition are refused", async () => {
    const useCase = clear({}, undefined, { deletes: { settings: { from: settingsRepository, where: {} } } });
    await expect(run(useCase)).rejects.toThrow("would take every row");
  });

  test("go with the call when it fails", async () => {
    const useCase = clear({}, () => {
      throw new Error("no");
    });
    await expect(run(useCase)).rejects.toThrow("no");
    expect(await names()).toEqual(["a", "b", "c"]);
  });
});

test("decide says what would be deleted", async () => {
  const where = { tenantId: tenant, reads: { lt: () => 3 } } as never;
  const useCase = testUseCase(
    { name: "Clear", writes: { settings: { into: settingsRepository } }, deletes: { settings: { from: settingsRepository, where } } },
    () => ({
      result: {},
    }),
  );
  const { writes } = await decide(useCase, { command: {}, state: {} });
  expect(writes).toEqual([{ table: "settings", operation: "delete", key: {}, values: {}, where: { tenantId: "t-1", reads: { lt: 3 } } }]);
});
