import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../../testing/server/fixtures/database.js";
import { moveInventory } from "../../testing/server/fixtures/move-inventory.js";
import { noon, stockedTenant } from "../../testing/server/fixtures/stock.js";
import { createUseCaseCore, type UseCaseCore } from "../core.js";
import type { AuditQuery } from "./list-entries.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase();
  core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => true }, clock: () => noon });
});
afterAll(() => database.close());

const move = moveInventory();

test("an entry says who did what to what, and why", async () => {
  const { tenantId, sourceId, destinationId, command, context } = await stockedTenant(database);
  const { auditId } = await core.execute(move, command, { ...context, causationId: "cause", requestId: "request" });
  const { items, next } = await core.audit.list({ tenantId });
  expect(next).toBeUndefined();
  expect(items).toMatchObject([
    {
      id: auditId,
      at: expect.any(Date),
      useCase: "MoveInventory",
      action: "inventory.moved",
      outcome: "committed",
      tenantId,
      actor: { type: "user", id: "u-1", tenantId },
      subject: { type: "InventoryBalance", id: sourceId },
      reason: "refill",
      error: null,
      idempotencyKey: context.idempotencyKey,
      correlationId: "c-1",
      causationId: "cause",
      requestId: "request",
    },
  ]);
  const changed = items[0]?.changes?.filter(({ operation }) => operation === "update");
  expect(changed?.map(({ key, before, after }) => [key["id"], before?.["quantity"], after?.["quantity"]])).toEqual([
    [sourceId, 100, 70],
    [destinationId, 0, 30],
  ]);
  expect(items[0]?.command).toEqual({ ...command, note: "[redacted]" });
});

test("a refusal has its error, and no changes", async () => {
  const { tenantId, command, context } = await stockedTenant(database, 1);
  await core.tryExecute(move, command, context);
  const { items } = await core.audit.list({ tenantId, outcome: "refused" });
  expect(items).toMatchObject([
    { outcome: "refused", changes: null, error: { code: "InsufficientStock", details: { available: 1, requested: 30 } } },
  ]);
});

/** Rows of one tenant, a second apart, but two at the same microsecond. */
async function seeded(): Promise<string> {
  const tenantId = randomUUID();
  const values = [
    ["2026-01-01T00:00:01.000001Z", "a", "committed", "user", "u-1", "Order", "o-1", "c-1"],
    ["2026-01-01T00:00:02.000001Z", "b", "committed", "user", "u-2", "Order", "o-2", "c-1"],
    ["2026-01-01T00:00:02.000002Z", "a", "refused", "job", "u-1", "Order", "o-1", "c-2"],
    ["2026-01-01T00:00:02.000002Z", "b", "committed", "job", "j-1", "Item", "o-1", "c-2"],
    ["2026-01-01T00:00:05.000000Z", "a", "committed", "user", "u-1", null, null, null],
  ];
  for (const [at, action, outcome, type, id, subjectType, subjectId, correlationId] of values) {
    await database.rows(
      `insert into usecase_audit (id, at, use_case, action, outcome, tenant_id, actor, subject_type, subject_id, correlation_id)
       values (gen_random_uuid(), $1, upper($2), $2, $3, $4, $5, $6, $7, $8)`,
      [at, action, outcome, tenantId, JSON.stringify({ type, id }), subjectType, subjectId, correlationId],
    );
  }
  return tenantId;
}

test.each<[string, AuditQuery, number]>([
  ["all", {}, 5],
  ["action", { action: "a" }, 3],
  ["use case", { useCase: "B" }, 2],
  ["outcome", { outcome: "refused" }, 1],
  ["actor", { actor: { id: "u-1" } }, 3],
  ["actor and type", { actor: { type: "user", id: "u-1" } }, 2],
  ["subject type", { subject: { type: "Order" } }, 3],
  ["subject", { subject: { type: "Order", id: "o-1" } }, 2],
  ["correlation", { correlationId: "c-2" }, 2],
  ["from", { from: new Date("2026-01-01T00:00:02Z") }, 4],
  ["to", { to: new Date("2026-01-01T00:00:02Z") }, 1],
  ["to is not included", { to: new Date("2026-01-01T00:00:05Z") }, 4],
  ["from and to", { from: new Date("2026-01-01T00:00:02Z"), to: new Date("2026-01-01T00:00:03Z") }, 3],
  ["several", { action: "a", actor: { id: "u-1" }, outcome: "committed", subject: { type: "Order", id: "o-1" } }, 1],
  ["nothing", { correlationId: "' or true --" }, 0],
])("filters: %s", async (_, query, count) => {
  const tenantId = await seeded();
  expect((await core.audit.list({ ...query, tenantId })).items).toHaveLength(count);
});

test("pages follow each other without gap or repetition, newest first, also where two have the same time", async () => {
  const tenantId = await seeded();
  const all = (await core.audit.list({ tenantId })).items;
  expect(all.map(({ at }) => Number(at))).toEqual(all.map(({ at }) => Number(at)).toSorted((a, b) => b - a));
  for (const limit of [1, 2, 3, 5]) {
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await core.audit.list({ tenantId, limit, after });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      ids.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(ids).toEqual(all.map(({ id }) => id));
  }
});

test("entries without tenant", async () => {
  await database.rows(
    "insert into usecase_audit (id, use_case, action, outcome, actor) values (gen_random_uuid(), 'T', 't', 'committed', '{}')",
  );
  expect((await core.audit.list({ tenantId: null })).items).toMatchObject([{ useCase: "T", tenantId: null, subject: null }]);
});

test.each([[0], [1_001], [1.5], [Number.NaN]])("a limit of %d is refused", async (limit) => {
  await expect(core.audit.list({ limit })).rejects.toThrow(RangeError);
});

test("a cursor that is none is refused", async () => {
  await expect(core.audit.list({ after: "now() --" })).rejects.toThrow(TypeError);
});
