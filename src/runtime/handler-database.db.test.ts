// The escape hatch, over each driver: Drizzle in the handler, on the call's own transaction.
import { PGlite } from "@electric-sql/pglite";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { and, count, eq, sql } from "drizzle-orm";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodePostgres } from "../drivers/node-postgres.js";
import { pglite } from "../drivers/pglite.js";
import { postgresJs } from "../drivers/postgres-js.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { balances, balancesRepository, movements, movementsRepository, tables } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import { guardStatements } from "./guards.js";
import type { WriteTransaction } from "./handler-database.js";
import type { Definition, ErasedScope, Fields } from "./internals.js";
import type { Driver } from "./ports.js";
import { usecaseTables } from "./tables.js";

let database: RuntimeDatabase;
beforeAll(async () => {
  database = await openRuntimeDatabase(2);
});
afterAll(() => database.close());

interface Opened {
  readonly driver: Driver;
  close(): Promise<void>;
}

const overPool = (pipeline: boolean) => async (): Promise<Opened> => {
  const pool = new pg.Pool({ connectionString: database.url, pipeline, max: 2 });
  return { driver: nodePostgres(pool), close: () => pool.end() };
};
const overPostgresJs = async (): Promise<Opened> => {
  const driver = postgresJs(postgres(database.url, { max: 2 }));
  return { driver, close: () => driver.close() };
};
const overPglite = async (): Promise<Opened> => {
  const client = new PGlite();
  const creation = await generateMigration(generateDrizzleJson({}), generateDrizzleJson({ ...usecaseTables(), ...tables }));
  for (const statement of [...creation, ...guardStatements()]) await client.exec(statement);
  return { driver: pglite(client), close: () => client.close() };
};

interface Writes {
  readonly movements: { insert(row: Fields): Fields };
  readonly balances: { insert(row: Fields): Fields; update(row: Fields, changes: Fields): Fields };
}
type Work = (tx: WriteTransaction, writes: Writes, input: Fields) => Promise<unknown>;

const errors: Definition["errors"] = { No: { kind: "conflict", message: "No." } };

/** A use case whose handler works with `tx`. */
function using(tx: "read" | "write", work: Work, more: Partial<Definition> = {}) {
  const definition: Partial<Definition> & { name: string } = {
    ...{ name: `Using${tx}`, tx, errors, state: {} },
    writes: {
      movements: { into: movementsRepository, insert: true },
      balances: { into: balancesRepository, insert: true, update: ["quantity"] },
    },
    ...more,
  };
  return testUseCase(definition, async (input) => ({
    result: { answer: await work(input["tx"] as WriteTransaction, input["writes"] as Writes, input) },
  }));
}

describe.each<[string, () => Promise<Opened>]>([
  ["node-postgres, pipelined", overPool(true)],
  ["node-postgres, one by one", overPool(false)],
  ["postgres.js", overPostgresJs],
  ["PGlite", overPglite],
])("over %s", (name, open) => {
  let opened: Opened;
  let core: UseCaseCore;
  const context = { actor: { type: "user", id: "u", tenantId: `tx ${name}` } };
  const { tenantId } = context.actor;
  beforeAll(async () => {
    opened = await open();
    core = createUseCaseCore({ driver: opened.driver });
  });
  afterAll(() => opened.close());
  const run = async (tx: "read" | "write", work: Work, more: Partial<Definition> = {}) =>
    (await core.execute(using(tx, work, more), {}, context)).result["answer"];
  const stored = () =>
    run("read", (tx) => tx.select({ n: count() }).from(movements).where(eq(movements.tenantId, tenantId)), {
      query: true,
      writes: {},
      audit: undefined as never,
    });
  const line = { sku: "A", quantity: 1, note: null };

  test("what is queued is written before a query, which sees it; the audit has it, and not what `tx` wrote", async () => {
    const seen: unknown[] = [];
    const useCase = using("write", async (tx, writes) => {
      const balance = writes.balances.insert({ sku: "A", locationId: crypto.randomUUID(), quantity: 5 });
      seen.push(
        await tx
          .select({ quantity: balances.quantity })
          .from(balances)
          .where(eq(balances.id, String(balance["id"]))),
      );
      const next = writes.balances.update(balance, { quantity: 6 });
      writes.movements.insert(line);
      seen.push(
        await tx
          .select({ quantity: balances.quantity })
          .from(balances)
          .where(eq(balances.id, String(balance["id"]))),
      );
      writes.balances.update(next, { quantity: 7 });
      await tx
        .update(balances)
        .set({ reserved: 2 })
        .where(eq(balances.id, String(balance["id"])));
      seen.push(
        await tx
          .insert(movements)
          .values({ ...line, id: crypto.randomUUID(), tenantId })
          .returning({ sku: movements.sku }),
      );
      return balance["id"];
    });
    const { result, auditId } = await core.execute(useCase, {}, context);
    expect(seen).toEqual([[{ quantity: 5 }], [{ quantity: 6 }], [{ sku: "A" }]]);
    const entry = (await core.audit.list({ limit: 50 })).items.find(({ id }) => id === auditId);
    expect(
      entry?.changes?.map(({ table, operation, before, after }) => [table, operation, before?.["quantity"], after?.["quantity"]]),
    ).toEqual([
      ["balances", "insert", undefined, 5],
      ["balances", "update", 5, 6],
      ["movements", "insert", undefined, 1],
      ["balances", "update", 6, 7],
    ]);
    const rows = await run("read", (tx) =>
      tx
        .select()
        .from(balances)
        .where(eq(balances.id, String(result["answer"]))),
    );
    expect(rows).toMatchObject([{ quantity: 7, reserved: 2 }]);
  });

  test("values are those that Drizzle gives over node-postgres, from builders and from SQL", async () => {
    const rows = await run("read", async (tx) => {
      const { 0: row } = await tx.execute<Fields>(
        sql`select 1::int i, 2::bigint b, 1.50::numeric n, true t, null::int z, '{"a":[1]}'::jsonb j, array['x,"y"',null] texts, array[1,2] ints,
            '2026-01-01T00:00:00Z'::timestamptz at, ${"p"}::text p, ${3}::int q, ${null}::text nothing`,
      );
      return row;
    });
    expect(rows).toEqual({
      ...{ i: 1, b: "2", n: "1.50", t: true, z: null, j: { a: [1] }, texts: ['x,"y"', null], ints: [1, 2] },
      ...{ at: expect.stringMatching(/^2026-01-01/), p: "p", q: 3, nothing: null },
    });
  });

  test("queries that the handler does not wait for run one after the other", async () => {
    const answers = await run("read", (tx) => Promise.all([1, 2, 3].map((n) => tx.execute(sql`select ${n}::int n`))));
    expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
  });

  test("`tx: read` can neither write nor lock; the queue still can", async () => {
    const attempts: readonly Work[] = [
      (tx) => tx.execute(sql`delete from ${movements}`),
      (tx) => tx.select().from(balances).for("update"),
      (tx) => tx.insert(movements).values({ ...line, id: crypto.randomUUID(), tenantId }),
    ];
    for (const attempt of attempts) await expect(run("read", attempt)).rejects.toMatchObject({ sqlState: "25006" });
    const before = await stored();
    await run("read", async (tx, writes) => {
      await tx.execute(sql`select 1`);
      writes.movements.insert(line);
      await tx.execute(sql`select 1`);
      writes.movements.insert(line);
    });
    expect(await stored()).toEqual([{ n: Number((before as { n: number }[])[0]?.n) + 2 }]);
  });

  test("nothing is left of a call that fails or refuses after `tx` has written; the refusal is audited", async () => {
    const before = await stored();
    const failing = (then: (input: Fields) => unknown) =>
      run("write", async (tx, writes, input) => {
        writes.movements.insert(line);
        await tx.insert(movements).values({ ...line, id: crypto.randomUUID(), tenantId });
        return then(input);
      });
    await expect(
      failing(() => {
        throw new Error("a bug");
      }),
    ).rejects.toThrow("a bug");
    await expect(failing((input) => (input["reject"] as (code: string) => never)("No"))).rejects.toMatchObject({ code: "No" });
    expect(await stored()).toEqual(before);
    expect((await core.audit.list({ limit: 1 })).items).toMatchObject([{ outcome: "refused", error: { code: "No" } }]);
  });

  test("what the database refuses of `tx` is the declared error; a conflict runs the whole call again", async () => {
    const locationId = crypto.randomUUID();
    const taking = (declared: Definition["errors"]) =>
      run("write", (tx) => tx.insert(balances).values({ id: crypto.randomUUID(), tenantId, sku: "A", quantity: 1, locationId }), {
        errors: declared,
      });
    await taking(errors);
    await expect(taking({ Taken: { kind: "conflict", message: "Taken.", constraints: ["balances_place"] } })).rejects.toMatchObject({
      code: "Taken",
    });
    let runs = 0;
    await run("write", async (tx) => {
      if (++runs < 3) await tx.execute(sql`do $$ begin raise 'again' using errcode = '40001'; end $$`);
    });
    expect(runs).toBe(3);
  });

  test("a statement that ends the transaction does not let the rest of the call out of it", async () => {
    const before = await stored();
    const ending = run("write", async (tx, writes) => {
      await tx.execute(sql`commit`);
      writes.movements.insert(line);
    });
    await expect(ending).rejects.toThrow();
    expect(await stored()).toEqual(before);
  });

  test("`tx` ends with the handler", async () => {
    let kept: WriteTransaction | undefined;
    await run("write", async (tx) => {
      kept = tx;
    });
    await expect(kept?.execute(sql`select 1`)).rejects.toMatchObject({
      cause: { message: expect.stringContaining("`tx` ends with the handler") },
    });
  });

  test("a query reads on in its snapshot", async () => {
    const isolation = await run(
      "read",
      async (tx) =>
        (await tx.execute(sql`select current_setting('transaction_isolation') i, current_setting('transaction_read_only') r`))[0],
      {
        ...{ query: true, writes: {}, audit: undefined as never },
        state: { first: { from: movementsRepository, where: { sku: () => "none" }, cardinality: "many" } },
      },
    );
    expect(isolation).toEqual({ i: "repeatable read", r: "on" });
  });

  test("deletes by condition beside other changes of the table, also early; a `when` leaves a condition out", async () => {
    const own = { ...context, actor: { ...context.actor, tenantId: `${tenantId} deletes` } };
    const rows = async () =>
      (
        await core.execute(
          using(
            "read",
            (tx) =>
              tx
                .select()
                .from(balances)
                .where(and(eq(balances.tenantId, own.actor.tenantId)))
                .orderBy(balances.sku),
            {
              ...{ query: true, writes: {}, audit: undefined as never },
            },
          ),
          {},
          own,
        )
      ).result["answer"] as { sku: string; quantity: number }[];
    const clear = (tx: "write" | undefined) =>
      testUseCase(
        {
          name: "Clear",
          ...(tx && { tx }),
          state: {
            kept: { from: balancesRepository, where: { tenantId: ({ actor }) => actor.tenantId, sku: () => "kept" }, cardinality: "many" },
          },
          writes: { balances: { into: balancesRepository, insert: true, update: ["quantity"] } },
          deletes: {
            balances: {
              from: balancesRepository,
              where: {
                tenantId: ({ actor }: ErasedScope) => actor.tenantId,
                sku: { ne: () => "kept" },
                quantity: {
                  gt: ({ command }: ErasedScope) => command["more"],
                  when: ({ command }: ErasedScope) => command["more"] !== undefined,
                },
              },
            },
          } as never,
        },
        async (input) => {
          const writes = input["writes"] as Writes;
          for (const row of input.state["kept"] as unknown as Fields[]) writes.balances.update(row, { quantity: 99 });
          writes.balances.insert({ sku: "new", locationId: crypto.randomUUID(), quantity: 100 });
          if (tx !== undefined) await (input["tx"] as WriteTransaction).execute(sql`select 1`);
          return { result: {} };
        },
      );
    const seed = using("write", async (_, writes) => {
      for (const [sku, quantity] of [
        ["a", 1],
        ["b", 9],
        ["kept", 9],
      ] as const)
        writes.balances.insert({ sku, locationId: crypto.randomUUID(), quantity });
    });
    await core.execute(seed, {}, own);
    const first = await core.execute(clear(undefined), { more: 5 }, own);
    expect((await rows()).map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ["a", 1],
      ["kept", 99],
      ["new", 100],
    ]);
    const audited = async (id: string | null) => (await core.audit.list({ limit: 50 })).items.find((item) => item.id === id)?.changes;
    expect(await audited(first.auditId)).toMatchObject([
      { operation: "delete", where: { sku: { ne: "kept" }, quantity: { gt: 5 } }, count: 1 },
      {},
      {},
    ]);
    // The row that this call inserts before the deletes' turn would have come is not among what they take.
    const second = await core.execute(clear("write"), {}, own);
    expect((await rows()).map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ["kept", 99],
      ["new", 100],
    ]);
    const [deletion] = (await audited(second.auditId)) ?? [];
    expect(deletion).toMatchObject({ operation: "delete", count: 2 });
    expect(deletion).not.toHaveProperty("where.quantity");
  });
});
