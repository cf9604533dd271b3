// A call that is aborted, or whose deadline has come: what it waits for is given up, on the server too, and its caller
// knows whether anything was done.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTcpProxy } from "../drivers/conformance/tcp-proxy.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { applyMoveInventory, moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { networkDrivers, type OpenedDriver } from "../testing/server/fixtures/network-drivers.js";
import { noon, rowCounts, stockedTenant } from "../testing/server/fixtures/stock.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore } from "./core.js";
import type { Definition } from "./internals.js";
import type { Driver } from "./ports.js";

let database: RuntimeDatabase;
beforeAll(async () => {
  database = await openRuntimeDatabase();
});
afterAll(() => database.close());

const coreOver = (driver: Driver) => createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon });
const waiting = () =>
  database.rows(
    "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query not like '%waiting%'",
  );

const idempotency: Definition["idempotency"] = { key: "caller", scope: "tenant", retentionSeconds: 60 };
const quoting = testUseCase({ name: "Quote", idempotency, prepare: { quote: { timeoutMs: 1_000 } } }, () => ({ result: {} }), undefined, {
  quote: async () => ({}),
});
const refusing = testUseCase({ name: "Refuse", idempotency, policies: [{ permission: "none" }] }, () => ({ result: {} }));
const audited = testUseCase({ name: "Ask", query: true }, () => ({ result: {} }));

describe.each(networkDrivers)("over %s", (_, open) => {
  let opened: OpenedDriver;
  beforeAll(() => {
    opened = open(database.url, 1);
  });
  afterAll(() => opened.close());

  test("while it waits for a row: the server waits no longer, and the same key may be used again", async () => {
    const core = coreOver(opened.driver);
    const { tenantId, sourceId, command, context } = await stockedTenant(database);
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    await other.query("begin");
    await other.query("select 1 from balances where id = $1 for update", [sourceId]);
    const abort = new AbortController();
    const call = core.execute(moveInventory(), command, { ...context, signal: abort.signal });
    call.catch(() => {});
    await expect.poll(waiting).toHaveLength(1);
    abort.abort(new Error("The user has left."));
    await expect(call).rejects.toThrow("The user has left.");
    await expect.poll(waiting).toHaveLength(0);
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 0, audit: 0, outbox: 0, keys: 0 });
    await other.query("rollback");
    await other.end();
    await expect(core.execute(moveInventory(), command, context)).resolves.toMatchObject({ replayed: false });
  });

  test("a deadline that comes while the handler works", async () => {
    const { tenantId, command, context } = await stockedTenant(database);
    const deadline = new AbortController();
    const slow = moveInventory(async (input) => {
      deadline.abort(new Error("Too late."));
      return applyMoveInventory(input);
    });
    await expect(coreOver(opened.driver).execute(slow, command, { ...context, signal: deadline.signal })).rejects.toThrow("Too late.");
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 0, audit: 0, keys: 0 });
  });

  test("a deadline that comes while the handler works and the server has gone silent", async () => {
    const proxy = await startTcpProxy(database.url);
    const behind = open(proxy.url, 1);
    const { tenantId, command, context } = await stockedTenant(database);
    const deadline = new AbortController();
    const slow = moveInventory(async (input) => {
      proxy.stall();
      deadline.abort(new Error("Too late."));
      return applyMoveInventory(input);
    });
    await expect(coreOver(behind.driver).execute(slow, command, { ...context, signal: deadline.signal })).rejects.toThrow("Too late.");
    await behind.close();
    await proxy.close();
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 0, audit: 0, keys: 0 });
    await expect
      .poll(async () => (await coreOver(opened.driver).tryExecute(moveInventory(), command, context)).ok, { timeout: 30_000 })
      .toBe(true);
  });

  test("while it waits for a connection", async () => {
    const core = coreOver(opened.driver);
    const { command, context } = await stockedTenant(database);
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const busy = opened.driver.session(() => released);
    const call = core.execute(moveInventory(), command, { ...context, signal: AbortSignal.timeout(5) });
    await expect(call).rejects.toMatchObject({ name: "TimeoutError" });
    release();
    await busy;
    await expect(core.execute(moveInventory(), command, context)).resolves.toMatchObject({ replayed: false });
  });

  test("when the server has gone silent around the commit: the outcome is unknown, and the same key tells it", async () => {
    const proxy = await startTcpProxy(database.url);
    const behind = open(proxy.url, 1);
    const { tenantId, command, context } = await stockedTenant(database);
    proxy.stallAfter("commit\0");
    const abort = new AbortController();
    const call = coreOver(behind.driver).execute(moveInventory(), command, { ...context, signal: abort.signal });
    call.catch(() => {});
    await expect.poll(() => rowCounts(database, tenantId)).toMatchObject({ movements: 1 });
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: "Unavailable", details: { outcome: "unknown" }, retryable: true });
    await expect(coreOver(opened.driver).execute(moveInventory(), command, context)).resolves.toMatchObject({ replayed: true });
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 1, audit: 1, keys: 1, quantity: 70 });
    await behind.close();
    await proxy.close();
  });

  test.each([
    ["looks for an outcome before it prepares", quoting],
    ["records a refusal that came before any row", refusing],
    ["writes the audit of a query", audited],
  ])("when the server has gone silent while a call %s: nobody waits for ever", async (_, useCase) => {
    const proxy = await startTcpProxy(database.url);
    const behind = open(proxy.url, 1);
    const core = createUseCaseCore({ driver: behind.driver, authorizer: { authorize: () => false } });
    const { context } = await stockedTenant(database);
    // The connection is there before the silence.
    await behind.driver.session((session) => session.burst([[{ name: "warm", text: "select 1" }, []]]));
    const held = proxy.hold();
    const abort = new AbortController();
    const call = core.execute(useCase, {}, { ...context, signal: abort.signal });
    call.catch(() => {});
    await held.answered;
    abort.abort(new Error("Too late."));
    await expect(call).rejects.toThrow("Too late.");
    await behind.close();
    await proxy.close();
  });
});
