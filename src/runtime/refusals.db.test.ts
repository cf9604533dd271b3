import { randomUUID } from "node:crypto";
import { integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { noon, rowCounts, stockedTenant } from "../testing/server/fixtures/stock.js";
import { balancesRepository, ordersRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import { isUseCaseError } from "./is-use-case-error.js";
import { type Repository, repository } from "./repository.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase();
  core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => true }, clock: () => noon });
});
afterAll(() => database.close());

const move = moveInventory();
const audit = (tenantId: string) =>
  database.rows<{ outcome: string; error: object; subject_id: string | null; changes: unknown }>(
    "select outcome, error, subject_type, subject_id, changes, command, reason from usecase_audit where tenant_id = $1",
    [tenantId],
  );

test.each([
  ["a missing row", { fromLocationId: randomUUID() }, { code: "BalanceNotFound", kind: "not-found" }, false],
  ["a rule", { quantity: 500 }, { code: "InsufficientStock", details: { available: 100, requested: 500 } }, true],
])("%s: one audit row that says so, and nothing else", async (_, changed, refusal, hasSubject) => {
  const { tenantId, sourceId, command, context } = await stockedTenant(database);
  await expect(core.execute(move, { ...command, ...changed }, context)).rejects.toMatchObject(refusal);
  const { code, details } = { details: undefined, ...refusal };
  expect(await audit(tenantId)).toEqual([
    {
      outcome: "refused",
      error: { code, ...(details && { details }) },
      subject_type: hasSubject ? "InventoryBalance" : null,
      subject_id: hasSubject ? sourceId : null,
      changes: null,
      command: { ...command, ...changed, note: "[redacted]" },
      reason: "refill",
    },
  ]);
  // The key's row holds the fingerprint alone.
  expect(await rowCounts(database, tenantId)).toEqual({ movements: 0, audit: 1, outbox: 0, keys: 1, quantity: 100 });
  const [key] = await database.rows("select outcome from usecase_idempotency where tenant_id = $1", [tenantId]);
  expect(key).toEqual({ outcome: null });
});

test("a check", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const night = createUseCaseCore({
    driver: database.driver,
    authorizer: { authorize: () => true },
    clock: () => new Date("2026-01-01T01:00:00Z"),
  });
  await expect(night.execute(move, command, context)).rejects.toMatchObject({ code: "OutsideMovingHours" });
  expect(await audit(tenantId)).toMatchObject([{ outcome: "refused", error: { code: "OutsideMovingHours" } }]);
});

test("a permission that needs no row is asked before any row is touched", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const texts: string[] = [];
  const denied = createUseCaseCore({
    driver: {
      ...database.driver,
      session: (work) =>
        database.driver.session((session) =>
          work({
            burst(items) {
              texts.push(...items.map(([{ text }]) => text));
              return session.burst(items);
            },
          }),
        ),
    },
    authorizer: { authorize: ({ permission }) => permission !== "inventory.move" },
    clock: () => noon,
  });
  await expect(denied.execute(move, command, context)).rejects.toMatchObject({
    code: "Forbidden",
    kind: "forbidden",
    details: { permission: "inventory.move" },
  });
  expect(await audit(tenantId)).toMatchObject([{ outcome: "refused", error: { code: "Forbidden" } }]);
  expect(texts.filter((text) => text.includes('"balances"'))).toEqual([]);
});

test("a caller without the permission gets no stored outcome, and does not disturb it", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const first = await core.execute(move, command, context);
  const denied = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => false }, clock: () => noon });
  await expect(denied.execute(move, command, context)).rejects.toMatchObject({ code: "Forbidden" });
  expect(await core.execute(move, command, context)).toMatchObject({ replayed: true, result: first.result });
  expect((await audit(tenantId)).map(({ outcome }) => outcome)).toEqual(["committed", "refused"]);
});

test("an authorizer that answers with anything but true denies", async () => {
  const { command, context } = await stockedTenant(database);
  for (const answer of [undefined, "yes", 1, null]) {
    const odd = createUseCaseCore({
      driver: database.driver,
      authorizer: { authorize: () => answer as unknown as boolean },
      clock: () => noon,
    });
    await expect(odd.execute(move, command, context)).rejects.toMatchObject({ code: "Forbidden" });
  }
});

const createOrder = testUseCase(
  {
    name: "CreateOrder",
    idempotency: { key: "caller", scope: "tenant", retentionSeconds: 60 },
    writes: { orders: { into: ordersRepository, insert: true } },
    errors: { OrderNumberTaken: { kind: "conflict", message: "Taken.", constraints: ["orders_number_unique"] } },
    audit: { action: "order.created", subject: { type: "Order", id: ({ result }) => result["orderId"] } },
  },
  (input) => {
    const { orders } = input["writes"] as { orders: { insert(row: object): { id: string } } };
    return { result: { orderId: orders.insert({ orderNumber: input.command["orderNumber"], secretNote: "hush" }).id } };
  },
);

test("the database's own refusal becomes the declared error that names the constraint", async () => {
  const { tenantId, context } = await stockedTenant(database);
  const command = { orderNumber: "2026-001" };
  await core.execute(createOrder, command, context);
  const taken = { ...context, idempotencyKey: randomUUID() };
  await expect(core.execute(createOrder, command, taken)).rejects.toMatchObject({ code: "OrderNumberTaken", kind: "conflict" });
  expect(await audit(tenantId)).toMatchObject([
    { outcome: "committed", subject_type: "Order", changes: [{ after: { status: "draft", secretNote: "[redacted]" } }] },
    { outcome: "refused", error: { code: "OrderNumberTaken" }, subject_id: null },
  ]);
  expect(await database.rows("select status, secret_note from orders where tenant_id = $1", [tenantId])).toEqual([
    { status: "draft", secret_note: "hush" },
  ]);
  // The refused key is free for the same command.
  await database.rows("delete from orders where tenant_id = $1", [tenantId]);
  await expect(core.execute(createOrder, command, taken)).resolves.toMatchObject({ replayed: false });
});

test("an overlap that an exclusion constraint forbids, also between calls at once", async () => {
  const { tenantId, context } = await stockedTenant(database);
  await database.rows(
    `create table bookings (id uuid primary key, tenant_id text not null, first integer not null, last integer not null,
       constraint bookings_overlap exclude using gist (int4range(first, last) with &&))`,
  );
  const bookings = pgTable("bookings", {
    ...{ id: uuid().primaryKey(), tenantId: text("tenant_id").notNull(), first: integer().notNull(), last: integer().notNull() },
  });
  const into: Repository<Readonly<Record<string, unknown>>> = repository(bookings, { name: "bookings", key: ["id"], tenant: "tenantId" });
  const book = testUseCase(
    {
      name: "Book",
      idempotency: { key: "caller", scope: "tenant", retentionSeconds: 60 },
      writes: { bookings: { into, insert: true } },
      errors: { Overlap: { kind: "conflict", message: "Taken.", constraints: ["other_overlap", "bookings_overlap"] } },
    },
    (input) => {
      (input["writes"] as { bookings: { insert(row: object): void } }).bookings.insert(input.command);
      return { result: {} };
    },
  );
  const call = (first: number) => core.tryExecute(book, { first, last: first + 3 }, { ...context, idempotencyKey: randomUUID() });
  const answers = await Promise.all([1, 2, 3, 1, 2, 3].map(call));
  expect(answers.map((answer) => (answer.ok ? "booked" : answer.error.code)).sort()).toEqual([...Array(5).fill("Overlap"), "booked"]);
  expect((await audit(tenantId)).map(({ outcome }) => outcome).sort()).toEqual(["committed", ...Array(5).fill("refused")]);
});

test("a constraint that no error names is a ConstraintViolation", async () => {
  const { tenantId, sourceId, context } = await stockedTenant(database);
  const overdraw = testUseCase(
    {
      name: "Overdraw",
      state: { balance: { from: balancesRepository, where: { id: () => sourceId }, lock: "no key update" } },
      writes: { balances: { into: balancesRepository, update: true } },
    },
    (input) => {
      (input["writes"] as { balances: { update(row: unknown, changes: object): void } }).balances.update(input.state["balance"], {
        quantity: -1,
      });
      return { result: {} };
    },
  );
  const error = await core.execute(overdraw, {}, context).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "ConstraintViolation", details: { constraint: "balances_quantity_check" } });
  expect(isUseCaseError(error, overdraw)).toBe(true);
  expect(await audit(tenantId)).toMatchObject([{ outcome: "refused" }]);
});

test("a constraint that is checked at COMMIT is mapped too", async () => {
  const { context } = await stockedTenant(database);
  await database.rows("alter table order_lines drop constraint if exists order_lines_order_id_orders_id_fk");
  await database.rows(
    "alter table order_lines add constraint lines_order foreign key (order_id) references orders (id) deferrable initially deferred",
  );
  const { orderLinesRepository } = await import("../testing/server/fixtures/tables.js");
  const orphan = testUseCase(
    {
      name: "Orphan",
      writes: { orderLines: { into: orderLinesRepository, insert: true } },
      errors: { NoSuchOrder: { kind: "not-found", message: "No.", constraints: ["lines_order"] } },
    },
    (input) => {
      (input["writes"] as { orderLines: { insert(row: object): void } }).orderLines.insert({
        orderId: randomUUID(),
        sku: "A",
        quantity: 1,
      });
      return { result: {} };
    },
  );
  await expect(core.execute(orphan, {}, context)).rejects.toMatchObject({ code: "NoSuchOrder" });
});

test("what the handler rejects with, its details included", async () => {
  const { tenantId, context } = await stockedTenant(database);
  const refuse = testUseCase({ name: "Refuse", errors: { TooMany: { kind: "unprocessable", message: "Too many." } } }, (input) =>
    (input["reject"] as (code: string, details: object) => never)("TooMany", { maximum: 3 }),
  );
  await expect(core.execute(refuse, {}, context)).rejects.toMatchObject({ code: "TooMany", details: { maximum: 3 }, useCase: "Refuse" });
  expect(await audit(tenantId)).toMatchObject([{ error: { code: "TooMany", details: { maximum: 3 } } }]);
});

test("another call's refusal that passes through a handler is not this one's", async () => {
  const { tenantId, command, context } = await stockedTenant(database, 1);
  const outer = testUseCase({ name: "Outer" }, async () => {
    await core.execute(move, command, context);
    return { result: {} };
  });
  await expect(core.execute(outer, {}, context)).rejects.toMatchObject({ code: "InsufficientStock", useCase: "MoveInventory" });
  expect(await audit(tenantId)).toHaveLength(1);
  await expect(core.tryExecute(outer, {}, { ...context, idempotencyKey: "again" })).rejects.toMatchObject({ useCase: "MoveInventory" });
});

test("the audit can be added to, and nothing else", async () => {
  for (const change of ["update usecase_audit set action = 'x'", "delete from usecase_audit", "truncate usecase_audit"]) {
    await expect(database.rows(change)).rejects.toThrow("append-only");
  }
});

test("can() asks policies and transitions, and leaves nothing behind", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  expect(await core.can(move, command, context)).toEqual({ ok: true });
  expect(await core.can(move, { ...command, quantity: 101 }, context)).toMatchObject({
    ok: false,
    error: { code: "InsufficientStock", details: { available: 100, requested: 101 } },
  });
  expect(await core.can(move, { ...command, quantity: "x" }, context)).toMatchObject({ ok: false, error: { code: "ValidationFailed" } });
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0, keys: 0 });
});
