import { sql } from "drizzle-orm";
import { check, index, integer, numeric, pgEnum, pgTable, text, timestamp, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";

export const orderStatus = pgEnum("order_status", ["draft", "reserved", "paid", "shipped", "cancelled"]);

/** How much of a SKU lies at a location, and how much of that is promised to orders. */
export const inventoryBalances = pgTable(
  "inventory_balances",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    sku: text().notNull(),
    locationId: uuid("location_id").notNull(),
    quantity: integer().notNull(),
    reserved: integer().notNull().default(0),
    reorderPoint: integer("reorder_point").notNull().default(0),
  },
  (table) => [
    uniqueIndex("inventory_balances_place").on(table.tenantId, table.sku, table.locationId),
    check("inventory_balances_quantity_check", sql`${table.quantity} >= 0`),
  ],
);

export const inventoryMovements = pgTable(
  "inventory_movements",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    sku: text().notNull(),
    fromLocationId: uuid("from_location_id").notNull(),
    toLocationId: uuid("to_location_id").notNull(),
    quantity: integer().notNull(),
    note: text(),
    movedAt: timestamp("moved_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index("inventory_movements_sku").on(table.tenantId, table.sku)],
);

export const products = pgTable("products", {
  sku: text().primaryKey(),
  name: text().notNull(),
  price: numeric({ precision: 12, scale: 2 }).notNull(),
  /** How often the product was ordered: counted without a lock. */
  timesOrdered: integer("times_ordered").notNull().default(0),
});

export const orders = pgTable(
  "orders",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    orderNumber: text("order_number").notNull(),
    customerId: uuid("customer_id").notNull(),
    status: orderStatus().notNull().default("draft"),
    total: numeric({ precision: 12, scale: 2 }).notNull(),
    placedAt: timestamp("placed_at", { withTimezone: true }).notNull(),
    reservedAt: timestamp("reserved_at", { withTimezone: true }),
    shippedAt: timestamp("shipped_at", { withTimezone: true }),
  },
  (table) => [
    unique("orders_order_number_unique").on(table.tenantId, table.orderNumber),
    index("orders_customer").on(table.tenantId, table.customerId, table.placedAt),
  ],
);

export const orderLines = pgTable(
  "order_lines",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    orderId: uuid("order_id")
      .notNull()
      .references(() => orders.id),
    sku: text()
      .notNull()
      .references(() => products.sku),
    quantity: integer().notNull(),
    price: numeric({ precision: 12, scale: 2 }).notNull(),
  },
  (table) => [index("order_lines_order").on(table.orderId)],
);

export const reservations = pgTable(
  "reservations",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    orderLineId: uuid("order_line_id")
      .notNull()
      .references(() => orderLines.id),
    inventoryBalanceId: uuid("inventory_balance_id")
      .notNull()
      .references(() => inventoryBalances.id),
    quantity: integer().notNull(),
  },
  (table) => [index("reservations_order_line").on(table.orderLineId), index("reservations_balance").on(table.inventoryBalanceId)],
);

export const payments = pgTable(
  "payments",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    orderId: uuid("order_id")
      .notNull()
      .references(() => orders.id),
    amount: numeric({ precision: 12, scale: 2 }).notNull(),
    cardToken: text("card_token").notNull(),
    paidAt: timestamp("paid_at", { withTimezone: true }).notNull(),
  },
  (table) => [unique("payments_order_unique").on(table.orderId)],
);
