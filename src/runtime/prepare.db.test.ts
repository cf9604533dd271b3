import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { decide } from "../testing/decide.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { stockedTenant } from "../testing/server/fixtures/stock.js";
import { balancesRepository, movementsRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import { DatabaseError } from "./database-error.js";
import type { Definition, ErasedHandler, Fields } from "./internals.js";
import type { Driver } from "./ports.js";
import type { PrepareInput } from "./use-case.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase(4);
  core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: ({ actor }) => actor.id !== "u-2" }, services: { fee: 2 } });
});
afterAll(() => database.close());

type Function = NonNullable<ErasedHandler["prepare"]>[string];
type Input = Parameters<Function>[0];
const due = (scope: { readonly prepare: unknown }) => (scope.prepare as { readonly quote: { readonly due: number } }).quote.due;

/** Takes what a quote says out of the balance. */
function quoting(quote: Function, more: Partial<Definition> = {}) {
  return testUseCase(
    {
      name: "TakeQuoted",
      idempotency: { key: "caller", scope: "tenant", retentionSeconds: 60 },
      prepare: { quote: { timeoutMs: 100 } },
      state: {
        balance: { from: balancesRepository, where: { locationId: ({ command }) => command["fromLocationId"] }, lock: "no key update" },
      },
      policies: [
        { permission: "take" },
        { rule: (scope) => due(scope) <= Number(scope.state["balance"]?.["quantity"]), source: "enough", error: "TooDear" },
      ],
      writes: { balances: { into: balancesRepository, update: ["quantity"] }, movements: { into: movementsRepository, insert: true } },
      computedResult: { due: (scope) => due(scope) },
      errors: { TooDear: { kind: "conflict", message: "Too dear." }, NoQuote: { kind: "rate-limited", message: "No quote." } },
      ...more,
    },
    (input) => {
      const { balances } = input["writes"] as { balances: { update(row: unknown, changes: Fields): void } };
      const { balance } = input.state;
      balances.update(balance, { quantity: Number(balance?.["quantity"]) - due(input) });
      return { result: {} };
    },
    undefined,
    { quote },
  );
}

const audited = async (tenantId: string) =>
  (
    await database.rows<{ code: string }>("select coalesce(error->>'code', outcome) code from usecase_audit where tenant_id = $1", [
      tenantId,
    ])
  ).map(({ code }) => code);

test("what is prepared is in scope of rules, results and the handler; the function sees the call, and no transaction", async () => {
  const { command, context } = await stockedTenant(database);
  const seen: Input[] = [];
  const useCase = quoting(async (input) => {
    seen.push(input);
    const [{ count } = { count: -1 }] = await database.rows<{ count: number }>(
      "select count(*)::int from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
    );
    expect(count).toBe(0);
    return { due: 40 };
  });
  await expect(core.execute(useCase, command, context)).resolves.toMatchObject({ result: { due: 40 }, replayed: false });
  expect(seen).toMatchObject([{ command, actor: context.actor, idempotencyKey: context.idempotencyKey, services: { fee: 2 } }]);
  const [row] = await database.rows<{ quantity: number }>("select quantity from balances where location_id = $1", [command.fromLocationId]);
  expect(row).toEqual({ quantity: 60 });
});

test("a stored outcome is the answer: nobody outside is asked again, nor for another command under the key", async () => {
  const { command, context } = await stockedTenant(database);
  const quote = vi.fn(() => ({ due: 1 }));
  const useCase = quoting(quote);
  await core.execute(useCase, command, context);
  await expect(core.execute(useCase, command, context)).resolves.toMatchObject({ result: { due: 1 }, replayed: true, attempts: 0 });
  await expect(core.execute(useCase, { ...command, quantity: 1 }, context)).rejects.toMatchObject({ code: "IdempotencyMismatch" });
  expect(quote).toHaveBeenCalledTimes(1);
});

test("calls with one key may both prepare, and one takes effect", async () => {
  const { command, context, tenantId } = await stockedTenant(database);
  const quote = vi.fn(async () => {
    await pause(30);
    return { due: 1 };
  });
  const calls = await Promise.allSettled(Array.from({ length: 6 }, () => core.execute(quoting(quote), command, context)));
  const effects = calls.filter((call) => call.status === "fulfilled" && !call.value.replayed);
  expect(effects).toHaveLength(1);
  for (const call of calls) if (call.status === "rejected") expect(call.reason).toMatchObject({ code: "IdempotencyInFlight" });
  expect(await audited(tenantId)).toEqual(["committed"]);
});

test("a run again after a conflict uses what was prepared", async () => {
  const { command, context } = await stockedTenant(database);
  const quote = vi.fn(() => ({ due: 1 }));
  let conflicts = 0;
  const session: Driver["session"] = (work) =>
    database.driver.session(({ burst }) =>
      work({
        async burst(items) {
          // The first burst of the first transaction; a look is none, for it commits.
          if (items.at(-1)?.[0].text !== "commit" && conflicts++ === 0)
            throw new DatabaseError("conflict", { sqlState: "40001", connectionLost: false });
          return burst(items);
        },
      }),
    );
  const flaky = createUseCaseCore({ driver: { ...database.driver, session }, authorizer: { authorize: () => true } });
  await expect(flaky.execute(quoting(quote), command, context)).resolves.toMatchObject({ attempts: 2, result: { due: 1 } });
  expect(quote).toHaveBeenCalledTimes(1);
});

test.each<[string, Function, object]>([
  ["fails", () => Promise.reject(new Error("down")), {}],
  [
    "throws at once",
    () => {
      throw new Error("down");
    },
    {},
  ],
  ["takes too long, whatever its signal says", () => pause(2_000, { due: 1 }, { ref: false }), {}],
])("a function that %s: the declared error, audited; else Unavailable", async (_, quote) => {
  const { command, context, tenantId } = await stockedTenant(database);
  await expect(core.execute(quoting(quote), command, context)).rejects.toMatchObject({
    ...{ code: "Unavailable", kind: "unavailable", details: { outcome: "none" }, retryable: true },
    cause: expect.objectContaining({ message: expect.stringMatching(/down|longer than 100 ms/) }),
  });
  expect(await audited(tenantId)).toEqual([]);
  const declared = quoting(quote, { prepare: { quote: { timeoutMs: 100, error: "NoQuote" } } });
  await expect(core.execute(declared, command, context)).rejects.toMatchObject({ code: "NoQuote", kind: "rate-limited" });
  expect(await audited(tenantId)).toEqual(["NoQuote"]);
});

test("a function may refuse by itself, with a declared error; the key can be used again with the same command", async () => {
  const { command, context, tenantId } = await stockedTenant(database);
  const refusing = quoting(({ reject }) => (reject as (code: string) => never)("TooDear"));
  await expect(core.execute(refusing, command, context)).rejects.toMatchObject({ code: "TooDear" });
  expect(await audited(tenantId)).toEqual(["TooDear"]);
  await expect(
    core.execute(
      quoting(() => ({ due: 1 })),
      command,
      context,
    ),
  ).resolves.toMatchObject({ replayed: false });
});

test("who lacks the permission, or has given up, makes nobody ask", async () => {
  const { command, context } = await stockedTenant(database);
  const quote = vi.fn(({ signal }: PrepareInput<never>) => pause(1_000, undefined, { signal, ref: false }));
  const useCase = quoting(quote as unknown as Function);
  await expect(core.execute(useCase, command, { ...context, actor: { ...context.actor, id: "u-2" } })).rejects.toMatchObject({
    code: "Forbidden",
  });
  expect(quote).not.toHaveBeenCalled();
  const gone = new AbortController();
  const call = core.execute(useCase, command, { ...context, signal: gone.signal });
  await vi.waitFor(() => expect(quote).toHaveBeenCalledTimes(1));
  gone.abort(new Error("the caller left"));
  await expect(call).rejects.toThrow("the caller left");
});

test("the first of several functions that fails ends the others", async () => {
  const { command, context } = await stockedTenant(database);
  let ended = false;
  const useCase = testUseCase(
    { name: "Two", prepare: { slow: { timeoutMs: 5_000 }, bad: { timeoutMs: 5_000 } } },
    () => ({ result: {} }),
    undefined,
    {
      slow: ({ signal }) => new Promise(() => signal.addEventListener("abort", () => (ended = true))),
      bad: () => Promise.reject(new Error("bad")),
    },
  );
  await expect(core.execute(useCase, command, context)).rejects.toMatchObject({ code: "Unavailable" });
  expect(ended).toBe(true);
});

test("a function must return an object, and be there", async () => {
  const { command, context } = await stockedTenant(database);
  await expect(
    core.execute(
      quoting(() => undefined),
      command,
      context,
    ),
  ).rejects.toThrow(TypeError);
  const none = testUseCase({ name: "None", prepare: { quote: { timeoutMs: 1 } } });
  await expect(core.execute(none, {}, context)).rejects.toThrow('no `prepare` function "quote"');
});

test("can() asks nobody outside, and answers what is known without", async () => {
  const { command, context } = await stockedTenant(database);
  const quote = vi.fn(() => ({ due: 1_000 }));
  const rest: Definition["policies"] = [{ rule: ({ command: { quantity } }) => Number(quantity) < 50, source: "few", error: "TooDear" }];
  const policies = [{ rule: (scope) => due(scope) < 1, source: "cheap" }, ...rest] satisfies Definition["policies"];
  const useCase = quoting(quote, { policies });
  await expect(core.can(useCase, command, context)).resolves.toEqual({ ok: true });
  await expect(core.can(useCase, { ...command, quantity: 60 }, context)).resolves.toMatchObject({ ok: false, error: { code: "TooDear" } });
  expect(quote).not.toHaveBeenCalled();
});

test("a query prepares too", async () => {
  const query = testUseCase(
    {
      name: "Ask",
      query: true,
      prepare: { quote: { timeoutMs: 100 } },
      computedResult: { due: (scope) => due(scope) },
    },
    undefined,
    undefined,
    { quote: () => ({ due: 3 }) },
  );
  const { context } = await stockedTenant(database);
  await expect(core.execute(query, {}, context)).resolves.toMatchObject({ result: { due: 3 } });
});

test("decide() takes what is prepared as given; explain() tells when it is asked for", async () => {
  const useCase = quoting(() => ({ due: 1 }));
  const balance = { id: randomUUID(), tenantId: "t-1", sku: "A", locationId: randomUUID(), quantity: 9, reserved: 0 };
  const given = { command: {}, state: { balance }, prepare: { quote: { due: 4 } } };
  await expect(decide(useCase, given as Parameters<typeof decide<never>>[1])).resolves.toMatchObject({
    result: { due: 4 },
    writes: [{ values: { quantity: 5 } }],
  });
  const told = core.explain(useCase);
  expect(told).toMatch(
    /2\. permissions.*\n {3}burst 1\n(.*\n)* {3}look for a stored outcome\n(.*\n)* {3}prepare: quote within 100 ms, else Unavailable\n3\./,
  );
  expect(told).toContain("round trips  3");
});
