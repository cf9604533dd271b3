// A use case with every kind of field, column and load, for the tests of expressions.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadProject } from "../load-project.js";
import type { Message, Project, UseCase } from "../model.js";

export const schemaText = `
import { bigint, boolean, date, doublePrecision, integer, jsonb, numeric, pgEnum, pgTable, text, timestamp, uuid } from "drizzle-orm/pg-core";
export const bookingStatus = pgEnum("booking_status", ["requested", "confirmed", "cancelled"]);
export const lineKind = pgEnum("line_kind", ["room", "extra"]);
export const bookings = pgTable("bookings", {
  id: uuid().primaryKey(),
  tenantId: text("tenant_id").notNull(),
  ownerId: uuid("owner_id").notNull(),
  status: bookingStatus().notNull(),
  previous: bookingStatus(),
  startsAt: timestamp("starts_at", { withTimezone: true }).notNull(),
  cancelledAt: timestamp("cancelled_at", { withTimezone: true }),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "string" }).notNull(),
  checkedInAt: timestamp("checked_in_at", { mode: "string" }),
  day: date().notNull(),
  holiday: date({ mode: "date" }).notNull(),
  seats: integer().notNull(),
  limit: integer(),
  price: numeric({ precision: 12, scale: 2 }).notNull(),
  deposit: numeric({ precision: 12, scale: 2 }),
  points: bigint({ mode: "bigint" }).notNull(),
  views: bigint({ mode: "number" }).notNull(),
  rate: doublePrecision().notNull(),
  paid: boolean().notNull(),
  flagged: boolean(),
  note: text(),
  plan: text({ enum: ["free", "pro"] }).notNull(),
  meta: jsonb(),
  tags: text().array().notNull(),
});
export const lines = pgTable("lines", {
  id: uuid().primaryKey(),
  bookingId: uuid("booking_id").notNull(),
  sku: text().notNull(),
  kind: lineKind().notNull(),
  quantity: integer().notNull(),
  price: numeric({ precision: 12, scale: 2 }).notNull(),
  shippedAt: timestamp("shipped_at", { withTimezone: true }),
  weight: integer(),
});
export const stock = pgTable("stock", { sku: text().primaryKey(), onHand: integer("on_hand").notNull(), spare: integer() });
export const coupons = pgTable("coupons", { code: text().primaryKey(), percent: integer().notNull(), expiresAt: timestamp("expires_at", { withTimezone: true }) });
export const payments = pgTable("payments", { id: uuid().primaryKey(), bookingId: uuid("booking_id").notNull(), amount: numeric().notNull(), paidAt: timestamp("paid_at", { withTimezone: true }).notNull() });
`;

const configText = `
schema: schema.ts
tenant: { column: tenantId, value: actor.tenantId }
actor: { claims: { plan: { enum: [free, pro] }, limit: integer, beta?: boolean, region?: string } }
`;

export const specText = `
usecase: ChangeBooking
summary: Change a booking.
command:
  bookingId: uuid
  sku: string
  kind: { enum: [room, extra, gift] }
  seats: integer
  share: number
  rush: boolean
  from: timestamp
  until?: timestamp
  day: date
  amount: decimal
  points: bigint
  email: email
  couponCode?: { type: string, maxLength: 20 }
  note?: { type: string, nullable: true }
  comment: { type: string, nullable: true }
  extra: json
  retries: { type: integer, default: 3 }
  guests: { items: { fields: { name: string, age?: integer } } }
  address: { fields: { city: string, zip?: string } }
idempotency: { key: caller }
state:
  booking: { table: bookings, where: { id: command.bookingId } }
  lines: { table: lines, where: { bookingId: booking.id }, cardinality: many }
  levels: { table: stock, where: { sku: { in: "lines.map(l, l.sku)" } }, cardinality: many, keyBy: sku }
  coupon: { table: coupons, where: { code: command.couponCode }, when: has(command.couponCode) }
  payment: { table: payments, where: { bookingId: booking.id }, cardinality: optional }
policies: none
writes: { bookings: { update: [seats] } }
result:
  movedAt: timestamp
  total: decimal
  status: { from: booking.status }
  name?: string
audit: { subject: { type: Booking, id: booking.id } }
events:
  BookingChanged:
    key: payload.bookingId
    payload:
      bookingId: { from: booking.id }
      seats: integer
`;

export interface BookingProject {
  readonly root: string;
  readonly project: Project;
  readonly useCase: UseCase;
  /** `BookingChanged`: its key sees everything that there is. */
  readonly event: Message;
  remove(): void;
}

/** Writes the project into a folder below this package, so that drizzle-orm is found, and loads it. */
export async function loadBooking(): Promise<BookingProject> {
  const temporary = fileURLToPath(new URL("../../../.tmp", import.meta.url));
  mkdirSync(temporary, { recursive: true });
  const root = mkdtempSync(join(temporary, "booking-"));
  mkdirSync(join(root, "specs"));
  writeFileSync(join(root, "schema.ts"), schemaText);
  writeFileSync(join(root, "usecase.config.yaml"), configText);
  writeFileSync(join(root, "specs", "change-booking.usecase.yaml"), specText);
  const { project, problems } = await loadProject({ cwd: root });
  const [useCase] = project.useCases;
  const event = useCase?.events[0];
  if (useCase === undefined || event === undefined || problems.length > 0) throw new Error(JSON.stringify(problems, null, 2));
  return { root, project, useCase, event, remove: () => rmSync(root, { recursive: true, force: true }) };
}
