// Expressions of real actions: their type, the TypeScript they become, and what that evaluates to. All of the code is
// also type-checked at once, against the types that Drizzle infers for the rows.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import * as helpers from "../../runtime/expression.js";
import { loadBooking } from "./booking.fixture.js";
import { checkExpression } from "./check.js";
import { describeType } from "./describe-type.js";
import { emitExpression } from "./emit.js";
import { expressionScope } from "./scope.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

const booking = await loadBooking();
afterAll(() => booking.remove());
const scope = expressionScope(booking.project, booking.useCase, { kind: "message key", message: booking.event });

const rows = {
  booking: {
    id: "b0000000-0000-4000-8000-000000000001",
    tenantId: "t1",
    ownerId: "a0000000-0000-4000-8000-000000000001",
    status: "confirmed",
    previous: null,
    startsAt: new Date("2026-03-29T10:00:00Z"),
    cancelledAt: null,
    createdAt: "2026-03-01 09:30:00.5+01",
    checkedInAt: "2026-03-28 23:00:00",
    day: "2026-03-29",
    holiday: new Date("2026-04-06"),
    seats: 7,
    limit: 5,
    price: "100.10",
    deposit: null,
    points: 9_007_199_254_740_993n,
    views: 12,
    rate: 0.5,
    paid: true,
    flagged: null,
    note: "héllo 👋",
    plan: "pro",
    meta: { plan: "pro", count: "4", nested: { deep: [1, 2] } },
    tags: ["vip", "late"],
  },
  lines: [
    {
      id: "c1",
      bookingId: "b1",
      sku: "A",
      kind: "room",
      quantity: 2,
      price: "10.10",
      shippedAt: new Date("2026-03-02T00:00:00Z"),
      weight: 5,
    },
    { id: "c2", bookingId: "b1", sku: "B", kind: "extra", quantity: 3, price: "0.05", shippedAt: null, weight: null },
  ],
  levels: new Map([
    ["A", { sku: "A", onHand: 2, spare: null }],
    ["B", { sku: "B", onHand: 1, spare: 9 }],
  ]),
  coupon: { code: "SPRING", percent: 20, expiresAt: new Date("2026-03-30T00:00:00Z") },
  payment: null,
};
const values = {
  ...rows,
  command: {
    bookingId: "b0000000-0000-4000-8000-000000000001",
    sku: "A",
    kind: "extra",
    seats: 2,
    share: 0.25,
    rush: false,
    from: "2026-03-29T12:00:00+02:00",
    day: "2026-03-30",
    amount: "100.1",
    points: "9007199254740993",
    email: "Ann@example.com",
    couponCode: "SPRING",
    comment: null,
    extra: { a: 1 },
    retries: 3,
    guests: [{ name: "Ann", age: 30 }, { name: "Bo" }],
    address: { city: "Berlin" },
  },
  actor: { id: "u1", type: "user", tenantId: "t1", roles: ["clerk"], claims: { plan: "pro", limit: 10, beta: true } },
  now: new Date("2026-03-28T23:30:00Z"),
  result: { movedAt: "2026-03-28T23:30:00.000Z", total: "12.50", status: "confirmed" },
  payload: { bookingId: "b1", seats: 2 },
};

const text = types.timestampText;
const idAndStart = types.objectOf([
  ["id", types.uuid],
  ["startsAt", text],
]);
const plans: ValueType = { kind: "string", values: ["free", "pro"] };
const bigintText = types.wireType(types.bigint);

/** Source, its type in words (or what is expected of it), the code, its value. */
type Case = readonly [source: string, type: string | ValueType, code: string, value: unknown];

const cases: readonly Case[] = [
  // The sample specs.
  ["command.from != result.movedAt", "a boolean", "timestamp(command.from).getTime() !== timestamp(result.movedAt).getTime()", true],
  ["booking.seats - command.seats >= command.retries", "a boolean", "booking.seats - command.seats >= command.retries", true],
  ["lines.map(l, l.sku)", types.listOf(types.string), "lines.map((l) => l.sku)", ["A", "B"]],
  ["lines.map(l, l.sku).isUnique()", "a boolean", "isUnique(lines.map((l) => l.sku))", true],
  ["lines.all(l, l.quantity > 0)", "a boolean", "lines.every((l) => l.quantity > 0)", true],
  ["now - booking.startsAt < duration('720h')", "a boolean", 'now.getTime() - booking.startsAt.getTime() < duration("720h")', true],
  ["decimal(command.amount) == decimal(booking.price)", "a boolean", "decimal(command.amount).equals(booking.price)", true],
  [
    "lines.map(l, {'sku': l.sku, 'quantity': l.quantity})",
    types.listOf(
      types.objectOf([
        ["sku", types.string],
        ["quantity", types.int],
      ]),
    ),
    "lines.map((l) => ({ sku: l.sku, quantity: l.quantity }))",
    [
      { sku: "A", quantity: 2 },
      { sku: "B", quantity: 3 },
    ],
  ],
  ["payment == null ? null : payment.paidAt", types.nullable(text), "payment === null ? null : payment.paidAt.toISOString()", null],
  ["now", text, "now.toISOString()", "2026-03-28T23:30:00.000Z"],
  ["command.couponCode", { kind: "string", optional: true }, "command.couponCode", "SPRING"],
  ["payload.bookingId", types.key, "payload.bookingId", "b1"],

  // Instants, whatever holds them.
  ["booking.startsAt > now", "a boolean", "booking.startsAt > now", true],
  [
    "booking.startsAt == timestamp('2026-03-29T10:00:00Z')",
    "a boolean",
    'booking.startsAt.getTime() === new Date("2026-03-29T10:00:00Z").getTime()',
    true,
  ],
  ["command.from == booking.startsAt", "a boolean", "timestamp(command.from).getTime() === booking.startsAt.getTime()", true],
  ["command.from <= booking.startsAt", "a boolean", "timestamp(command.from) <= booking.startsAt", true],
  ["booking.createdAt < now", "a boolean", "timestamp(booking.createdAt) < now", true],
  ["booking.createdAt", text, "timestamp(booking.createdAt).toISOString()", "2026-03-01T08:30:00.500Z"],
  [
    "booking.checkedInAt != null && booking.checkedInAt < now",
    "a boolean",
    "booking.checkedInAt !== null && timestamp(booking.checkedInAt) < now",
    true,
  ],
  [
    "booking.checkedInAt",
    types.nullable(text),
    "booking.checkedInAt === null ? null : timestamp(booking.checkedInAt).toISOString()",
    "2026-03-28T23:00:00.000Z",
  ],
  ["booking.cancelledAt", types.nullable(text), "booking.cancelledAt?.toISOString() ?? null", null],
  ["booking.cancelledAt == now", "a boolean", "booking.cancelledAt?.getTime() === now.getTime()", false],
  [
    "booking.cancelledAt == null || booking.cancelledAt > now",
    "a boolean",
    "booking.cancelledAt === null || booking.cancelledAt > now",
    true,
  ],
  [
    "booking.cancelledAt == null ? now : booking.cancelledAt",
    types.instant,
    "booking.cancelledAt ?? now",
    new Date("2026-03-28T23:30:00Z"),
  ],
  [
    "booking.startsAt - duration('1h')",
    types.instant,
    'new Date(booking.startsAt.getTime() - duration("1h"))',
    new Date("2026-03-29T09:00:00Z"),
  ],
  [
    "booking.startsAt - duration('1h')",
    text,
    'new Date(booking.startsAt.getTime() - duration("1h")).toISOString()',
    "2026-03-29T09:00:00.000Z",
  ],
  ["booking.startsAt - duration('24h') > now", "a boolean", 'booking.startsAt.getTime() - duration("24h") > now.getTime()', false],
  ["duration('1h') + now == now", "a boolean", 'duration("1h") + now.getTime() === now.getTime()', false],
  ["booking.startsAt - now", "a duration", "booking.startsAt.getTime() - now.getTime()", 37_800_000],
  ["(booking.startsAt - now).getHours()", types.int, "Math.trunc((booking.startsAt.getTime() - now.getTime()) / 3_600_000)", 10],
  ["duration('90m') * 2 > duration('2h')", "a boolean", 'duration("90m") * 2 > duration("2h")', true],
  ["command.seats * duration('1h') + duration('30s')", "a duration", 'command.seats * duration("1h") + duration("30s")', 7_230_000],
  ["-duration('1h')", "a duration", '-duration("1h")', -3_600_000],
  [
    "now + duration(string(command.seats) + 'h')",
    types.instant,
    'new Date(now.getTime() + duration(String(command.seats) + "h"))',
    new Date("2026-03-29T01:30:00Z"),
  ],
  ["command.from", types.instant, "timestamp(command.from)", new Date("2026-03-29T10:00:00Z")],
  ["command.from", { kind: "timestamp", as: "postgres", zone: true }, "command.from", "2026-03-29T12:00:00+02:00"],
  ["command.from", { kind: "timestamp", as: "postgres", zone: false }, "timestamp(command.from).toISOString()", "2026-03-29T10:00:00.000Z"],
  ["has(command.until) ? command.until : now", text, "command.until ?? now.toISOString()", "2026-03-28T23:30:00.000Z"],
  [
    "has(command.until) && command.until > command.from",
    "a boolean",
    "command.until !== undefined && timestamp(command.until) > timestamp(command.from)",
    false,
  ],
  ["startOfDay(now, 'Europe/Berlin')", text, 'startOfDay(now, "Europe/Berlin").toISOString()', "2026-03-28T23:00:00.000Z"],
  ["startOfDay(now)", text, 'startOfDay(now, "UTC").toISOString()', "2026-03-28T00:00:00.000Z"],
  ["now.getHours() >= 6", "a boolean", "now.getUTCHours() >= 6", true],
  ["now.getHours('Europe/Berlin')", types.int, 'inZone(now, "Europe/Berlin").hours', 0],
  ["now.getDayOfWeek('Europe/Berlin') in [0, 6]", "a boolean", '[0, 6].includes(inZone(now, "Europe/Berlin").weekday)', true],
  [
    "now.getMonth() == 2 && now.getMonth('Europe/Berlin') == 2",
    "a boolean",
    'now.getUTCMonth() === 2 && inZone(now, "Europe/Berlin").month - 1 === 2',
    true,
  ],
  [
    "now.getDayOfMonth() + now.getDate() + now.getFullYear()",
    types.int,
    "now.getUTCDate() - 1 + now.getUTCDate() + now.getUTCFullYear()",
    27 + 28 + 2026,
  ],
  ["int(now)", types.int, "Math.floor(now.getTime() / 1_000)", 1_774_740_600],
  ["lines.exists(l, l.shippedAt == now)", "a boolean", "lines.some((l) => l.shippedAt?.getTime() === now.getTime())", false],

  // Days.
  ["booking.day < command.day", "a boolean", "booking.day < command.day", true],
  ["booking.day == '2026-03-29'", "a boolean", 'booking.day === "2026-03-29"', true],
  ["booking.holiday > command.day", "a boolean", "booking.holiday.getTime() > timestamp(command.day).getTime()", true],
  ["booking.holiday", types.dateText, "booking.holiday.toISOString().slice(0, 10)", "2026-04-06"],
  ["timestamp(command.day) > now", "a boolean", "timestamp(command.day) > now", true],

  // Decimals and big integers.
  [
    "decimal(booking.price) - decimal(command.amount)",
    types.decimalText,
    "decimal(booking.price).minus(command.amount).toString()",
    "0.00",
  ],
  ["decimal(booking.price) * 2 >= decimal('200.20')", "a boolean", 'decimal(booking.price).times(2).greaterThanOrEqualTo("200.20")', true],
  ["decimal(booking.price) != decimal('1')", "a boolean", '!decimal(booking.price).equals("1")', true],
  ["1 + decimal(booking.price) > 5", "a boolean", "decimal(1).plus(booking.price).greaterThan(5)", true],
  [
    "lines.map(l, decimal(l.price) * l.quantity).sum()",
    types.decimalText,
    "sumOfDecimals(lines.map((l) => decimal(l.price).times(l.quantity))).toString()",
    "20.35",
  ],
  [
    "lines.map(l, l.price).sum() < decimal(booking.price)",
    "a boolean",
    "sumOfDecimals(lines.map((l) => l.price)).lessThan(booking.price)",
    true,
  ],
  [
    "(decimal(booking.price) * decimal('0.19')).round(2)",
    types.decimalText,
    'decimal(booking.price).times("0.19").round(2).toString()',
    "19.02",
  ],
  ["-decimal(booking.price)", types.decimalText, "decimal(booking.price).negated().toString()", "-100.10"],
  [
    "booking.deposit == null || decimal(booking.deposit) > 0",
    "a boolean",
    "booking.deposit === null || decimal(booking.deposit).greaterThan(0)",
    true,
  ],
  [
    "decimal(booking.price) == decimal(command.amount) ? booking.price : '0.00'",
    types.decimalText,
    'decimal(booking.price).equals(command.amount) ? booking.price : "0.00"',
    "100.10",
  ],
  ["command.seats", types.decimalText, "String(command.seats)", "2"],
  ["booking.points + 5 > 10", "a boolean", "booking.points + 5n > 10n", true],
  ["booking.points == command.points", "a boolean", "booking.points === BigInt(command.points)", true],
  ["booking.points - command.seats", bigintText, "(booking.points - BigInt(command.seats)).toString()", "9007199254740991"],
  ["command.points", types.bigint, "BigInt(command.points)", 9_007_199_254_740_993n],
  ["command.seats", bigintText, "String(command.seats)", "2"],
  ["booking.points", types.key, "String(booking.points)", "9007199254740993"],

  // Numbers and text.
  ["booking.seats / 2", types.int, "Math.trunc(booking.seats / 2)", 3],
  ["-booking.seats / command.seats", types.int, "quotient(-booking.seats, command.seats)", -3],
  ["booking.seats % command.seats == 1", "a boolean", "remainder(booking.seats, command.seats) === 1", true],
  ["booking.seats % 4", types.int, "booking.seats % 4", 3],
  ["booking.rate * booking.seats", types.double, "booking.rate * booking.seats", 3.5],
  ["int(booking.rate * 3)", types.int, "Math.trunc(booking.rate * 3)", 1],
  ["(booking.seats + 1) * 2 - (3 - command.seats)", types.int, "(booking.seats + 1) * 2 - (3 - command.seats)", 15],
  ["booking.seats - -1", types.int, "booking.seats - -1", 8],
  ["-(-booking.seats)", types.int, "-(-booking.seats)", 7],
  ["size(booking.tags) + booking.tags.size()", types.int, "booking.tags.length + booking.tags.length", 4],
  ["booking.note != null && size(booking.note) == 7", "a boolean", "booking.note !== null && size(booking.note) === 7", true],
  ["command.email.lowerAscii().endsWith('@example.com')", "a boolean", 'lowerAscii(command.email).endsWith("@example.com")', true],
  ["command.email.matches('^[^@]+@example[.]com$')", "a boolean", 'new RegExp("^[^@]+@example[.]com$", "u").test(command.email)', true],
  [
    "command.email.contains('example') && !command.sku.startsWith('B')",
    "a boolean",
    'command.email.includes("example") && !command.sku.startsWith("B")',
    true,
  ],
  ["command.sku + '-' + string(booking.seats)", types.string, 'command.sku + "-" + String(booking.seats)', "A-7"],
  ["command.sku.replace('A', '$&$&')", types.string, 'command.sku.replaceAll("A", () => "$&$&")', "$&$&"],
  ["command.email.split('@').join(' at ')", types.string, 'command.email.split("@").join(" at ")', "Ann at example.com"],
  ["command.email.substring(0, 3).upperAscii().trim()", types.string, "upperAscii(substring(command.email, 0, 3)).trim()", "ANN"],
  ["string(booking.startsAt)", types.string, "booking.startsAt.toISOString()", "2026-03-29T10:00:00.000Z"],
  ["'a\\u2028</script>\\\\'", types.string, '"a\\u2028</script>\\\\"', "a\u2028</script>\\"],

  // Null, absence, and what conditions establish.
  ["has(command.couponCode) ? command.couponCode : 'none'", types.string, 'command.couponCode ?? "none"', "SPRING"],
  ["!has(command.until)", "a boolean", "command.until === undefined", true],
  [
    "has(command.note) && command.note != null && size(command.note) > 2",
    "a boolean",
    "command.note !== undefined && command.note != null && size(command.note) > 2",
    false,
  ],
  ["command.comment == null ? 0 : size(command.comment)", types.int, "command.comment === null ? 0 : size(command.comment)", 0],
  [
    "!(command.comment == null || size(command.comment) == 0)",
    "a boolean",
    "!(command.comment === null || size(command.comment) === 0)",
    false,
  ],
  ["coupon != null && coupon.percent > 10", "a boolean", "coupon !== null && coupon.percent > 10", true],
  [
    "coupon == null || coupon.expiresAt == null || coupon.expiresAt > now",
    "a boolean",
    "coupon === null || coupon.expiresAt === null || coupon.expiresAt > now",
    true,
  ],
  [
    "booking.limit != null && lines.all(l, l.quantity <= booking.limit)",
    "a boolean",
    "booking.limit !== null && lines.every((l) => l.quantity <= present(booking.limit))",
    true,
  ],
  [
    "coupon != null && lines.all(l, l.quantity < coupon.percent)",
    "a boolean",
    "coupon !== null && lines.every((l) => l.quantity < coupon.percent)",
    true,
  ],
  ["payment == null ? 'open' : 'paid'", types.string, 'payment === null ? "open" : "paid"', "open"],
  ["booking.previous == booking.status", "a boolean", "booking.previous === booking.status", false],
  ["booking.flagged == true", "a boolean", "booking.flagged === true", false],
  ["booking.flagged != null && booking.flagged", "a boolean", "booking.flagged !== null && booking.flagged", false],
  ["!(booking.status == 'requested')", "a boolean", 'booking.status !== "requested"', true],
  ["!!booking.paid", "a boolean", "booking.paid", true],
  ["booking.paid && command.rush || booking.seats > 3", "a boolean", "booking.paid && command.rush || booking.seats > 3", true],
  ["booking.paid && (command.rush || booking.seats > 3)", "a boolean", "booking.paid && (command.rush || booking.seats > 3)", true],
  [
    "booking.status == 'requested' || booking.status == 'confirmed'",
    "a boolean",
    'booking.status === "requested" || booking.status === "confirmed"',
    true,
  ],
  ["booking.plan", plans, "booking.plan", "pro"],
  ["booking.seats > 3 ? 'pro' : 'free'", plans, 'booking.seats > 3 ? "pro" : "free"', "pro"],

  [
    "booking.deposit == null ? decimal('0') : decimal(booking.deposit)",
    types.decimalText,
    'booking.deposit === null ? "0" : booking.deposit',
    "0",
  ],

  // Lists and maps of rows.
  [
    "lines.all(l, l.sku in levels && levels[l.sku].onHand >= l.quantity)",
    "a boolean",
    "lines.every((l) => levels.has(l.sku) && entryOf(levels, l.sku).onHand >= l.quantity)",
    false,
  ],
  [
    "command.sku in levels ? levels[command.sku].onHand : 0",
    types.int,
    "levels.has(command.sku) ? entryOf(levels, command.sku).onHand : 0",
    2,
  ],
  ["levels[command.sku] == null", "a boolean", "levels.get(command.sku) === undefined", false],
  [
    "levels[command.sku] != null && levels[command.sku].onHand > 0",
    "a boolean",
    "levels.get(command.sku) !== undefined && entryOf(levels, command.sku).onHand > 0",
    true,
  ],
  ["levels.all(sku, levels[sku].onHand > 0)", "a boolean", "[...levels.keys()].every((sku) => entryOf(levels, sku).onHand > 0)", true],
  ["size(levels)", types.int, "levels.size", 2],
  [
    "lines.filter(l, l.shippedAt != null).map(l, l.shippedAt)",
    types.listOf(text),
    "lines.filter((l) => l.shippedAt !== null).map((l) => present(l.shippedAt).toISOString())",
    ["2026-03-02T00:00:00.000Z"],
  ],
  [
    "lines.map(l, l.weight != null, l.weight).sum()",
    types.int,
    "sum(lines.filter((l) => l.weight !== null).map((l) => present(l.weight)))",
    5,
  ],
  [
    "lines.map(l, l.weight).filter(w, w != null)",
    types.listOf(types.int),
    "lines.map((l) => l.weight).filter((w) => w !== null).map((item) => present(item))",
    [5],
  ],
  ["lines.map(l, l.quantity).sum() <= booking.seats", "a boolean", "sum(lines.map((l) => l.quantity)) <= booking.seats", true],
  ["lines.exists_one(l, l.kind == 'room')", "a boolean", 'lines.filter((l) => l.kind === "room").length === 1', true],
  ["lines[0].sku", types.string, "elementOf(lines, 0).sku", "A"],
  [
    "lines",
    types.listOf(types.objectOf([["sku", types.string]])),
    "lines.map((item) => ({ sku: item.sku }))",
    [{ sku: "A" }, { sku: "B" }],
  ],
  [
    "booking",
    idAndStart,
    "({ id: booking.id, startsAt: booking.startsAt.toISOString() })",
    { id: rows.booking.id, startsAt: "2026-03-29T10:00:00.000Z" },
  ],
  [
    "booking.tags + ['new'] + lines.map(l, l.sku)",
    types.listOf(types.string),
    '[...booking.tags, "new", ...lines.map((l) => l.sku)]',
    ["vip", "late", "new", "A", "B"],
  ],
  ["booking.status in ['requested', 'confirmed']", "a boolean", '["requested", "confirmed"].includes(booking.status)', true],
  ["command.kind in lines.map(l, l.kind)", "a boolean", "lines.map((l) => l.kind).some((item) => item === command.kind)", true],
  [
    "booking.cancelledAt != null && booking.cancelledAt in [now]",
    "a boolean",
    "booking.cancelledAt !== null && [now].some((item) => item.getTime() === present(booking.cancelledAt).getTime())",
    false,
  ],
  [
    "now in [booking.checkedInAt, booking.startsAt]",
    "a boolean",
    "[booking.checkedInAt === null ? null : timestamp(booking.checkedInAt), booking.startsAt].some((item) => item?.getTime() === now.getTime())",
    false,
  ],
  [
    "lines.filter(l, l.shippedAt != null)",
    types.listOf(types.objectOf([["shippedAt", text]])),
    "lines.filter((l) => l.shippedAt !== null).map((item) => ({ shippedAt: present(item.shippedAt).toISOString() }))",
    [{ shippedAt: "2026-03-02T00:00:00.000Z" }],
  ],
  ["'vip' in booking.tags", "a boolean", 'booking.tags.includes("vip")', true],
  [
    "decimal(command.amount) in [decimal('1'), decimal(booking.price)]",
    "a boolean",
    '[decimal("1"), decimal(booking.price)].some((item) => item.equals(command.amount))',
    true,
  ],
  [
    "command.guests.exists(g, has(g.age) && g.age < 18)",
    "a boolean",
    "command.guests.some((g) => g.age !== undefined && g.age < 18)",
    false,
  ],
  ["command.guests.map(class, class.name)", types.listOf(types.string), "command.guests.map((class_) => class_.name)", ["Ann", "Bo"]],
  [
    "lines.all(l, command.guests.exists(g, g.name != l.sku))",
    "a boolean",
    "lines.every((l) => command.guests.some((g) => g.name !== l.sku))",
    true,
  ],

  // The actor, JSON, conversions.
  [
    "'admin' in actor.roles || actor.id == string(booking.ownerId)",
    "a boolean",
    '(actor.roles ?? []).includes("admin") || actor.id === booking.ownerId',
    false,
  ],
  ["actor.roles.exists(r, r.startsWith('cl'))", "a boolean", '(actor.roles ?? []).some((r) => r.startsWith("cl"))', true],
  ["actor.id", types.uuid, "actor.id", "u1"],
  [
    "has(actor.onBehalfOf) ? actor.onBehalfOf.id : actor.id",
    types.string,
    "actor.onBehalfOf !== undefined ? actor.onBehalfOf.id : actor.id",
    "u1",
  ],
  [
    "actor.claims.plan == 'pro' && booking.seats <= actor.claims.limit",
    "a boolean",
    'stringClaim(actor, "plan", ["free", "pro"]) === "pro" && booking.seats <= numberClaim(actor, "limit")',
    true,
  ],
  ["has(actor.claims.beta) && actor.claims.beta", "a boolean", 'claim(actor, "beta") !== undefined && booleanClaim(actor, "beta")', true],
  ["booking.meta.plan == 'pro'", "a boolean", 'jsonMember(booking.meta, "plan") === "pro"', true],
  [
    "has(booking.meta.count) && int(booking.meta.count) > 3",
    "a boolean",
    'jsonMember(booking.meta, "count") !== undefined && int(jsonMember(booking.meta, "count")) > 3',
    true,
  ],
  ["booking.meta.nested.deep[1] == 2", "a boolean", 'jsonMember(jsonMember(jsonMember(booking.meta, "nested"), "deep"), 1) === 2', true],
  [
    "{'at': now, 'who': actor.id, 'points': booking.points}",
    types.json,
    "({ at: now.toISOString(), who: actor.id, points: booking.points.toString() })",
    { at: "2026-03-28T23:30:00.000Z", who: "u1", points: "9007199254740993" },
  ],
];

test.each(cases)("%s", (source, type, code, value) => {
  const expected = typeof type === "string" ? undefined : type;
  const checked = checkExpression(source, scope, expected);
  expect(checked.problems).toEqual([]);
  if (typeof type === "string") expect(describeType(checked.type)).toBe(type);
  const emitted = emitExpression(checked);
  expect(emitted.code).toBe(code);
  const given = [...emitted.roots].map((root) => values[root as keyof typeof values]);
  const used = [...emitted.helpers].map((name) => Object.entries(helpers).find(([helper]) => helper === name)?.[1]);
  const result: unknown = new Function(...emitted.roots, ...emitted.helpers, `"use strict"; return (${emitted.code});`)(...given, ...used);
  expect(result).toEqual(value);
});

test("there are enough of them", () => expect(cases.length).toBeGreaterThanOrEqual(100));

test("all of the code type-checks under the strictest settings", () => {
  const functions = cases.flatMap(([source, type], index) => {
    const checked = checkExpression(source, scope, typeof type === "string" ? undefined : type);
    if (checked.problems.length > 0) return [];
    const { code, roots } = emitExpression(checked);
    const result = typeof type === "string" ? "" : `: ${typeScript(type)}`;
    return [`export const f${index} = ({ ${[...roots].join(", ")} }: Scope)${result} => ${code};`];
  });
  const file = join(booking.root, "emitted.ts");
  const runtime = fileURLToPath(new URL("../../runtime/expression.js", import.meta.url));
  writeFileSync(
    file,
    `import { ${Object.keys(helpers).join(", ")} } from ${JSON.stringify(runtime)};
    import type { bookings, coupons, lines as lineTable, payments, stock } from "./schema.js";
    type Row<T extends { readonly $inferSelect: object }> = Readonly<T["$inferSelect"]>;
    interface Scope {
      readonly command: {
        readonly bookingId: string; readonly sku: string; readonly kind: "room" | "extra" | "gift"; readonly seats: number; readonly share: number;
        readonly rush: boolean; readonly from: string; readonly until?: string | undefined; readonly day: string; readonly amount: string;
        readonly points: string; readonly email: string; readonly couponCode?: string | undefined; readonly note?: string | null | undefined;
        readonly comment: string | null; readonly extra: unknown; readonly retries: number;
        readonly guests: readonly { readonly name: string; readonly age?: number | undefined }[];
        readonly address: { readonly city: string; readonly zip?: string | undefined };
      };
      readonly actor: import(${JSON.stringify(runtime.replace("expression.js", "context.js"))}).TenantActor;
      readonly now: Date;
      readonly booking: Row<typeof bookings>;
      readonly lines: readonly Row<typeof lineTable>[];
      readonly levels: ReadonlyMap<string, Row<typeof stock>>;
      readonly coupon: Row<typeof coupons> | null;
      readonly payment: Row<typeof payments> | null;
      readonly result: { readonly movedAt: string; readonly total: string; readonly status: "requested" | "confirmed" | "cancelled"; readonly name?: string | undefined };
      readonly payload: { readonly bookingId: string; readonly seats: number };
    }
    ${functions.join("\n")}\n`,
  );
  writeFileSync(
    join(booking.root, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        module: "nodenext",
        target: "es2023",
        lib: ["es2023"],
        types: ["node"],
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: true,
      },
      files: ["emitted.ts"],
    }),
  );
  const compiler = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", join(booking.root, "tsconfig.json")], { encoding: "utf8" });
  const lines = functions.join("\n").split("\n");
  const failures = stdout.split("\n").filter((line) => line.includes("error TS"));
  const shown = failures.map((line) => `${line}\n    ${lines.find((_code, index) => line.includes(`(${index + 25},`)) ?? ""}`);
  expect(shown).toEqual([]);
});

/** The TypeScript type that a place of this type has in generated code. */
function typeScript(type: ValueType): string {
  const flags = `${type.nullable ? " | null" : ""}${type.optional ? " | undefined" : ""}`;
  switch (type.kind) {
    case "string":
      return (type.values?.map((value) => JSON.stringify(value)).join(" | ") ?? "string") + flags;
    case "int":
    case "double":
    case "duration":
      return `number${flags}`;
    case "bool":
      return `boolean${flags}`;
    case "timestamp":
    case "date":
      return (type.as === "Date" ? "Date" : "string") + flags;
    case "decimal":
    case "key":
      return `string${flags}`;
    case "bigint":
      return (type.as === "bigint" ? "bigint" : "string") + flags;
    case "list":
      return `readonly (${typeScript(type.items)})[]${flags}`;
    case "object":
      return `{ ${[...type.fields].map(([name, field]) => `readonly ${name}${field.optional ? "?" : ""}: ${typeScript(field)}`).join("; ")} }${flags}`;
    default:
      return "unknown";
  }
}
