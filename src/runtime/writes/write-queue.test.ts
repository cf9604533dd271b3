import { sql } from "drizzle-orm";
import { integer, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import {
  balancesRepository,
  movementsRepository,
  orderLinesRepository,
  ordersRepository,
  settingsRepository,
} from "../../testing/server/fixtures/tables.js";
import { testUseCase } from "../../testing/server/fixtures/use-case.js";
import { type Fields, internalsOf } from "../internals.js";
import { originOf, type RowOrigins } from "../load/loaded-rows.js";
import { type AnyRepository, repository } from "../repository.js";
import { type TableWrites, writeQueue } from "./write-queue.js";

const stamped = pgTable("stamped", {
  id: uuid().primaryKey(),
  code: text()
    .notNull()
    .$defaultFn(() => "made"),
  changedAt: timestamp("changed_at").$onUpdate(() => new Date(0)),
  doubled: integer().generatedAlwaysAs(sql`1`),
});
const stampedRepository: AnyRepository = repository<Fields>(stamped, { name: "stamped", key: ["id"] });
const rowId = "018f3c5e-0000-7000-8000-000000000001";

function open() {
  const { definition } = internalsOf(
    testUseCase({
      name: "Queue",
      writes: {
        balances: { into: balancesRepository, update: ["quantity"], increment: ["reserved"], delete: true },
        // The same table with other rights.
        counted: { into: balancesRepository, update: ["reserved"], increment: ["reserved"] },
        movements: { into: movementsRepository, insert: true },
        orders: { into: ordersRepository, insert: true, update: true },
        orderLines: { into: orderLinesRepository, insert: true, update: true, delete: true },
        settings: { into: settingsRepository, insert: true, update: true },
        stamped: { into: stampedRepository, insert: true, update: true },
      },
    }),
  );
  const origins: RowOrigins = new Map();
  const queue = writeQueue(definition, origins, { tenant: "t-1", newId: () => rowId });
  const loaded = (from: AnyRepository, row: Fields) => {
    const frozen = Object.freeze({ ...row });
    const origin = originOf(from, frozen, true);
    if (origin !== undefined) origins.set(frozen, origin);
    return frozen;
  };
  const table = (name: string) => queue.writes[name] as Required<TableWrites>;
  return { queue, table, balance: loaded(balancesRepository, { id: rowId, tenantId: "t-1", quantity: 1, reserved: 0 }), loaded };
}

type Opened = ReturnType<typeof open>;

test.each<[string, (opened: Opened) => unknown, string]>([
  [
    "a column that the spec does not name",
    ({ table, balance }) => table("balances").update(balance, { sku: "B" }),
    'does not let "sku" be updated',
  ],
  ["a column that does not exist", ({ table, balance }) => table("balances").update(balance, { nope: 1 }), 'no column "nope"'],
  ["an undefined value", ({ table, balance }) => table("balances").update(balance, { quantity: undefined }), "is undefined"],
  [
    "a key",
    ({ table, loaded }) => table("orders").update(loaded(ordersRepository, { id: rowId }), { id: "x" }),
    "cannot be changed by a handler",
  ],
  [
    "a tenant",
    ({ table, loaded }) => table("orders").update(loaded(ordersRepository, { id: rowId }), { tenantId: "t-2" }),
    "cannot be changed by a handler",
  ],
  [
    "a machine's state",
    ({ table, loaded }) => table("orders").update(loaded(ordersRepository, { id: rowId }), { status: "paid" }),
    "cannot be changed by a handler",
  ],
  ["a generated column", ({ table }) => table("stamped").insert({ doubled: 2 }), "computed by the database"],
  ["a copy of a row", ({ table, balance }) => table("balances").update({ ...balance }, { quantity: 2 }), "not a row that was loaded"],
  ["another table's row", ({ table, balance }) => table("orders").update(balance, { orderNumber: "1" }), "this is a row of balances"],
  [
    "a row that an update has superseded",
    ({ table, balance }) => {
      table("balances").update(balance, { quantity: 2 });
      table("balances").update(balance, { quantity: 3 });
    },
    "use the row that update() returned",
  ],
  [
    "deleting a row that an update has superseded",
    ({ table, balance }) => {
      table("balances").update(balance, { quantity: 2 });
      table("balances").delete(balance);
    },
    "use the row that update() returned",
  ],
  [
    "a row that was deleted",
    ({ table, balance }) => {
      table("balances").delete(balance);
      table("balances").update(balance, { quantity: 2 });
    },
    "was deleted already",
  ],
  [
    "an update of a column that is incremented",
    ({ table, balance }) => {
      table("counted").increment(balance, { reserved: 1 });
      table("counted").update(balance, { reserved: 5 });
    },
    "both incremented and updated",
  ],
  [
    "an increment of a column that is updated",
    ({ table, balance }) => {
      table("counted").update(balance, { reserved: 5 });
      table("counted").increment(balance, { reserved: 1 });
    },
    "both incremented and updated",
  ],
  [
    "an increment of a column that is not declared",
    ({ table, balance }) => table("balances").increment(balance, { quantity: 1 }),
    'does not let "quantity" be incremented',
  ],
  [
    "an increment by nothing that can be added",
    ({ table, balance }) => table("balances").increment(balance, { reserved: Number.NaN }),
    "not a number",
  ],
  ["an increment by words", ({ table, balance }) => table("balances").increment(balance, { reserved: "1; drop table" }), "not a number"],
  ["another tenant's row", ({ table }) => table("movements").insert({ tenantId: "t-2", sku: "A", quantity: 1 }), "the runtime gives it"],
  ["another initial state", ({ table }) => table("orders").insert({ status: "paid", orderNumber: "1" }), "the runtime gives it"],
  ["a column that is not there", ({ table }) => table("movements").insert({ nope: 1 }), 'no column "nope"'],
  ["a new row without its key", ({ table }) => table("settings").insert({ value: "v" }), 'needs its "name"'],
  [
    "a key twice",
    ({ table }) => {
      table("settings").insert({ name: "n", value: "v" });
      table("settings").insert({ name: "n", value: "w" });
    },
    "was queued already",
  ],
  [
    "anything after the handler has returned",
    ({ table, queue }) => {
      queue.close();
      table("movements").insert({ sku: "A", quantity: 1 });
    },
    "the handler has returned",
  ],
])("refused: %s", (_, act, message) => {
  expect(() => act(open())).toThrow(message);
});

test("tables and functions that the spec does not name are not there", () => {
  const { queue } = open();
  expect(queue.writes).not.toHaveProperty("products");
  expect(Object.keys(queue.writes["balances"] ?? {})).toEqual(["update", "increment", "delete"]);
});

test("undefined in a new row is as if it were not there", () => {
  const { table, queue } = open();
  table("movements").insert({ sku: "A", quantity: 1, note: undefined });
  expect(queue.close()[0]?.values).toEqual({ id: rowId, tenantId: "t-1", sku: "A", quantity: 1 });
});

test("what Drizzle's columns give themselves is given", () => {
  const { table, queue, loaded } = open();
  table("stamped").insert({});
  const row = loaded(stampedRepository, { id: "018f3c5e-0000-7000-8000-000000000002", code: "old", changedAt: null });
  expect(table("stamped").update(row, { code: "new" })).toMatchObject({ code: "new", changedAt: new Date(0) });
  expect(queue.close().map(({ values }) => values)).toEqual([
    { id: rowId, code: "made", changedAt: new Date(0) },
    { code: "new", changedAt: new Date(0) },
  ]);
});

test("a transition and an update are one change, which the old state guards", () => {
  const { table, queue, loaded } = open();
  const order = loaded(ordersRepository, { id: rowId, status: "draft", orderNumber: "1" });
  queue.transition({ row: order, field: "status", from: "draft", to: "reserved" });
  expect(table("orders").update(order, { orderNumber: "2" })).toEqual({ id: rowId, status: "reserved", orderNumber: "2" });
  expect(queue.close()).toMatchObject([
    { operation: "update", values: { status: "reserved", orderNumber: "2" }, guards: { status: "draft" }, before: order },
  ]);
});

test("an increment of an own insert is part of it", () => {
  const { table, queue } = open();
  const settings = table("settings").insert({ name: "n", value: "v" });
  expect(settings).toEqual({ tenantId: "t-1", name: "n" });
  table("settings").update(settings, { value: "w" });
  expect(queue.close()).toMatchObject([{ operation: "insert", values: { value: "w" } }]);
});
