// The conventions of the configuration that change what is sent: the version column, and settings of the session.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { openEmbeddedDatabase } from "../testing/server/fixtures/embedded.js";
import { noon } from "../testing/server/fixtures/stock.js";
import { balancesRepository, documents, documentsRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import type { Definition, ErasedLoad, Fields } from "./internals.js";
import type { Driver } from "./ports.js";

interface Table {
  insert(row: object): Fields;
  update(row: unknown, changes: object): Fields;
  increment(key: object, amounts: object): void;
  delete(row: unknown): void;
}

describe.each([
  ["node-postgres", openRuntimeDatabase],
  ["PGlite", openEmbeddedDatabase],
])("over %s", (_, open) => {
  let database: RuntimeDatabase;
  let core: UseCaseCore;
  let id: string;
  const bursts: string[][] = [];
  const tenantId = `t-${randomUUID()}`;
  const context = { actor: { type: "user", id: "u-1", tenantId } };
  beforeAll(async () => {
    database = await open();
    const session: Driver["session"] = (work) =>
      database.driver.session((inner) =>
        work({
          burst(items) {
            bursts.push(items.map(([{ text }]) => text));
            return inner.burst(items);
          },
        }),
      );
    core = createUseCaseCore({ driver: { ...database.driver, session }, clock: () => noon });
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    id = randomUUID();
    await database.db.insert(documents).values({ id, tenantId, title: "old", version: 7 });
    bursts.length = 0;
  });
  const stored = async () => (await database.rows<Fields>("select title, reads, version from documents where id = $1", [id]))[0];

  describe("the version", () => {
    const writes: Definition["writes"] = {
      documents: { into: documentsRepository, insert: true, update: true, increment: ["reads"], delete: true },
    };
    /** Runs `change` as a handler over the document, loaded without a lock unless `load` says so. */
    const run = (change: (documents: Table, row: Fields, attempt: number) => unknown, load: Partial<ErasedLoad> = {}, retries = 3) => {
      let attempt = 0;
      const row: ErasedLoad = { from: documentsRepository, where: { id: () => id }, ...load };
      const useCase = testUseCase(
        { name: "Edit", state: { row }, writes, transaction: { lockTimeoutMs: 2_000, statementTimeoutMs: 5_000, retries } },
        async (input) => {
          attempt += 1;
          const { documents } = input["writes"] as { documents: Table };
          return { result: { given: (await change(documents, (input.state["row"] ?? {}) as Fields, attempt)) ?? null } };
        },
      );
      return core.execute(useCase, {}, context);
    };

    test("is raised by an update and guards it; the row as it will be says so; the audit has both", async () => {
      const { result, auditId } = await run((documents, row) => {
        const once = documents.update(row, { title: "new" });
        return documents.update(once, { title: "newer" })["version"];
      });
      expect(result).toEqual({ given: 8 });
      expect(await stored()).toEqual({ title: "newer", reads: 0, version: 8 });
      expect(bursts.at(-1)?.[0]).toContain('t."version" = v.g0');
      const [audit] = await database.rows<{ changes: Fields[] }>("select changes from usecase_audit where id = $1", [auditId]);
      expect(audit?.changes).toMatchObject([{ before: { title: "old", version: 7 }, after: { title: "newer", version: 8 } }]);
    });

    test("is raised without a guard where the row was locked, and where an increment knows only its key", async () => {
      await run((documents, row) => void documents.update(row, { title: "locked" }), { lock: "no key update" });
      expect(bursts.at(-1)?.[0]).not.toContain('t."version" = v.g0');
      await run((documents) => documents.increment({ id }, { reads: 2 }));
      expect(await stored()).toEqual({ title: "locked", reads: 2, version: 9 });
    });

    test("is known also where the load does not show it", async () => {
      await run((documents, row) => void documents.update(row, { title: "narrow" }), { columns: ["id", "title"] });
      expect(await stored()).toMatchObject({ title: "narrow", version: 8 });
    });

    test("begins at 1, and no handler sets it", async () => {
      const { result } = await run((documents) => documents.insert({ title: "first" })["id"]);
      expect(await database.rows("select version from documents where id = $1", [result["given"]])).toEqual([{ version: 1 }]);
      await expect(run((documents) => documents.insert({ title: "x", version: 5 }))).rejects.toThrow('"version" counts the row\'s changes');
      await expect(run((documents, row) => documents.update(row, { version: 5 }))).rejects.toThrow('"version" cannot be changed');
    });
  });

  describe("the session's settings", () => {
    const session: Definition["session"] = { "app.tenant_id": ({ actor }) => actor.tenantId, "app.user": ({ actor }) => actor.id };
    const hostile = { actor: { ...context.actor, id: "'; drop table documents; --" } };

    test("are there when the write happens, travel as parameters in the first burst, and end with the transaction", async () => {
      const useCase = testUseCase(
        { name: "Note", session, writes: { documents: { into: documentsRepository, insert: true } } },
        (input) => ({ result: (input["writes"] as { documents: Table }).documents.insert({ title: "seen" }) }),
      );
      const { result } = await core.execute(useCase, {}, hostile);
      expect(await database.rows("select seen from documents where id = $1", [result["id"]])).toEqual([
        { seen: `${tenantId}/${hostile.actor.id}` },
      ]);
      expect(bursts).toHaveLength(2);
      expect(bursts[0]?.[1]).toBe("select set_config($1, $2, true), set_config($3, $4, true)");
      const left = await database.driver.session(({ burst }) =>
        burst([[{ name: "left", text: "select current_setting('app.user', true)" }]]),
      );
      expect(left[0]?.rows[0]?.[0] ?? "").toBe("");
      expect(core.explain(useCase)).toContain("set_config($3, $4, true)");
    });

    test("are there for a query too, and for one that only asks: in a snapshot", async () => {
      const state: Definition["state"] = { all: { from: balancesRepository, where: {}, cardinality: "many" } };
      const query = testUseCase({ name: "Look", query: true, session, state, audit: undefined as never });
      await core.execute(query, {}, context);
      expect(bursts.map((burst) => burst.map((text) => text.split(" ").slice(0, 2).join(" ")))).toEqual([
        ["begin isolation", "select set_config('statement_timeout',", "select set_config($1,", 'select "id",', "commit"],
      ]);
      expect(await core.can(query, {}, context)).toEqual({ ok: true });
      expect(bursts[1]?.[2]).toContain("set_config($1");
    });

    test("are there when a refusal is recorded", async () => {
      const useCase = testUseCase({ name: "Refuse", session, errors: { No: { kind: "conflict", message: "" } } }, (input) => {
        throw (input["reject"] as (code: string) => never)("No");
      });
      await expect(core.execute(useCase, {}, context)).rejects.toMatchObject({ code: "No" });
      expect(bursts[0]?.[1]).toContain("set_config");
    });
  });
});

describe("a row that somebody else has changed meanwhile", () => {
  let database: RuntimeDatabase;
  beforeAll(async () => {
    database = await openRuntimeDatabase();
  });
  afterAll(() => database.close());

  const setUp = async () => {
    const [id, tenantId] = [randomUUID(), `t-${randomUUID()}`];
    await database.db.insert(documents).values({ id, tenantId, title: "old", version: 1 });
    const useCase = (change: (table: Table, row: Fields) => Promise<unknown>, retries = 3) =>
      testUseCase(
        {
          name: "Edit",
          state: { row: { from: documentsRepository, where: { id: ({ command }) => command["id"] } } },
          writes: { documents: { into: documentsRepository, update: true, delete: true } },
          transaction: { lockTimeoutMs: 2_000, statementTimeoutMs: 5_000, retries },
        },
        async (input) => {
          await change((input["writes"] as { documents: Table }).documents, input.state["row"] as Fields);
          return { result: {} };
        },
      );
    const core = createUseCaseCore({ driver: database.driver, clock: () => noon });
    const elsewhere = () => database.rows("update documents set reads = reads + 1, version = version + 1 where id = $1", [id]);
    const row = async () => (await database.rows<Fields>("select title, reads, version from documents where id = $1", [id]))[0];
    return {
      useCase,
      elsewhere,
      row,
      run: (of: ReturnType<typeof useCase>) => core.execute(of, { id }, { actor: { type: "user", id: "u", tenantId } }),
    };
  };

  test("is decided upon again, as a whole", async () => {
    const { useCase, elsewhere, row, run } = await setUp();
    const seen: unknown[] = [];
    const answer = await run(
      useCase(async (table, loaded) => {
        if (seen.push(loaded["reads"]) === 1) await elsewhere();
        table.update(loaded, { title: `after ${loaded["reads"]}` });
      }),
    );
    expect([seen, answer.attempts]).toEqual([[0, 1], 2]);
    expect(await row()).toEqual({ title: "after 1", reads: 1, version: 3 });
  });

  test.each(["update", "delete"] as const)("again and again is a ConcurrencyConflict, and the %s does not happen", async (operation) => {
    const { useCase, elsewhere, row, run } = await setUp();
    const edit = useCase(async (table, loaded) => {
      await elsewhere();
      if (operation === "update") table.update(loaded, { title: "lost" });
      else table.delete(loaded);
    }, 1);
    await expect(run(edit)).rejects.toMatchObject({ code: "ConcurrencyConflict" });
    expect(await row()).toEqual({ title: "old", reads: 2, version: 3 });
  });
});
