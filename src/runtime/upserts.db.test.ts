import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { openEmbeddedDatabase } from "../testing/server/fixtures/embedded.js";
import { noon } from "../testing/server/fixtures/stock.js";
import { documentsRepository, ordersRepository, settings, settingsRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import type { Definition, Fields } from "./internals.js";

type Writes = Readonly<Record<string, { upsert(row: object): unknown; insert(row: object): unknown }>>;

describe.each([
  ["node-postgres", openRuntimeDatabase],
  ["PGlite", openEmbeddedDatabase],
])("over %s", (_, open) => {
  let database: RuntimeDatabase;
  let core: UseCaseCore;
  let tenantId: string;
  beforeAll(async () => {
    database = await open();
    core = createUseCaseCore({ driver: database.driver, clock: () => noon });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    tenantId = `t-${randomUUID()}`;
    await database.db.insert(settings).values({ tenantId, name: "theme", value: "light", reads: 5 });
  });

  const writes: Definition["writes"] = {
    settings: { into: settingsRepository, insert: true, upsert: { key: ["tenantId", "name"], update: ["value"] } },
    orders: { into: ordersRepository, upsert: { key: ["tenantId", "orderNumber"], update: ["secretNote"] } },
    documents: { into: documentsRepository, upsert: { key: ["id"], update: ["title"] } },
  };
  const run = async (change: (writes: Writes) => unknown, tenant = tenantId) => {
    const useCase = testUseCase({ name: "Put", writes }, (input) => {
      change(input["writes"] as Writes);
      return { result: {} };
    });
    const { auditId } = await core.execute(useCase, {}, { actor: { type: "user", id: "u-1", tenantId: tenant } });
    const [audit] = await database.rows<{ changes: Fields[] }>("select changes from usecase_audit where id = $1", [auditId]);
    return audit?.changes;
  };
  const stored = () => database.rows<Fields>("select name, value, reads from settings where tenant_id = $1 order by name", [tenantId]);

  test("updates what is there and inserts what is not; the audit says what is known", async () => {
    const changes = await run(({ settings }) => {
      settings?.upsert({ name: "theme", value: "dark", reads: 0 });
      settings?.upsert({ name: "size", value: "big", reads: 1 });
    });
    expect(await stored()).toEqual([
      { name: "size", value: "big", reads: 1 },
      { name: "theme", value: "dark", reads: 5 },
    ]);
    expect(changes).toEqual([
      {
        table: "settings",
        operation: "upsert",
        key: { tenantId, name: "theme" },
        after: { tenantId, name: "theme", value: "dark" },
        ifNew: { reads: 0 },
      },
      {
        table: "settings",
        operation: "upsert",
        key: { tenantId, name: "size" },
        after: { tenantId, name: "size", value: "big" },
        ifNew: { reads: 1 },
      },
    ]);
  });

  test("by another unique key keeps the row's id and state; secrets are not in the audit", async () => {
    const put = (secretNote: string) => run(({ orders }) => orders?.upsert({ orderNumber: "7", secretNote }));
    await put("one");
    const [before] = await database.rows<Fields>("select id, status from orders where tenant_id = $1", [tenantId]);
    const changes = await put("two");
    expect(await database.rows("select id, status, secret_note from orders where tenant_id = $1", [tenantId])).toEqual([
      { ...before, status: "draft", secret_note: "two" },
    ]);
    expect(changes).toMatchObject([{ after: { orderNumber: "7", secretNote: "[redacted]" }, ifNew: { status: "draft" } }]);
  });

  test("raises the version of what is there, and never touches another tenant's row", async () => {
    const id = randomUUID();
    const put = (title: string, tenant?: string) => run(({ documents }) => documents?.upsert({ id, title }), tenant);
    await put("one");
    await put("two");
    await expect(put("theirs", "t-other")).rejects.toMatchObject({ code: "ConcurrencyConflict" });
    expect(await database.rows("select title, version, tenant_id from documents where id = $1", [id])).toEqual([
      { title: "two", version: 2, tenant_id: tenantId },
    ]);
  });

  test("of one row twice, or of a row that is inserted too, is refused before anything is sent", async () => {
    const row = { name: "x", value: "y" };
    await expect(run(({ settings }) => [settings?.upsert(row), settings?.upsert(row)])).rejects.toThrow("was queued already");
    await expect(run(({ settings }) => [settings?.upsert(row), settings?.insert(row)])).rejects.toThrow("was queued already");
  });
});

test("by concurrent calls, in whatever order they name the rows, do not wait for each other in a circle", async () => {
  const database = await openRuntimeDatabase();
  const core = createUseCaseCore({ driver: database.driver, clock: () => noon });
  const names = Array.from({ length: 30 }, (_, n) => `n${n}`);
  const useCase = testUseCase(
    { name: "PutAll", writes: { settings: { into: settingsRepository, upsert: { key: ["tenantId", "name"], update: ["value"] } } } },
    (input) => {
      const ordered = input.command["back"] ? names.toReversed() : names;
      for (const name of ordered) (input["writes"] as Writes)["settings"]?.upsert({ name, value: String(input.command["value"]) });
      return { result: {} };
    },
  );
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      core.execute(useCase, { back: n % 2 === 0, value: n }, { actor: { type: "user", id: "u", tenantId: "t" } }),
    ),
  );
  expect(new Set(answers.map(({ attempts }) => attempts))).toEqual(new Set([1]));
  expect(await database.rows("select count(distinct value)::int as n from settings where tenant_id = 't'")).toEqual([{ n: 1 }]);
  await database.close();
});
