// What people get wrong: each mistake with its message, the characters that it is about, and what is suggested.
import { afterAll, describe, expect, test } from "vitest";
import type { UseCase } from "../model.js";
import { loadBooking } from "./booking.fixture.js";
import { checkExpression, type ExpressionProblem } from "./check.js";
import { emitExpression } from "./emit.js";
import { longestSource } from "./parse.js";
import { type ExpressionPlace, expectedType, expressionScope } from "./scope.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

const booking = await loadBooking();
afterAll(() => booking.remove());
const { project, useCase, event } = booking;
const scope = expressionScope(project, useCase, { kind: "message key", message: event });

/** Source, the characters meant, the message (or part of it), the suggestions. */
type Mistake = [source: string, at: string, message: string | RegExp, suggestions?: readonly string[], expected?: ValueType];

const plan: ValueType = { kind: "string", values: ["free", "pro"] };

const mistakes: readonly Mistake[] = [
  // Syntax.
  ["", "", "The expression is empty."],
  ["booking.seats >", ">", "The expression ends too early."],
  ["(booking.seats + 1", "1", "Expected `)`, found the end of the expression."],
  ["booking.seats = 3", "=", "CEL has no assignment: to compare, write `==`."],
  ["booking.seats === 3", "=", "CEL has no `===`: write `==` or `!=`."],
  ["booking.paid and command.rush", "and", "Write `&&` instead of `and`."],
  ["booking.paid or command.rush", "or", "Write `||` instead of `or`."],
  ["not booking.paid", "booking", "Write `!` instead of `not`."],
  ["booking.note ?? 'x'", "?", "CEL has no `??`: write `x == null ? other : x`."],
  ["payment?.paidAt", ".", /CEL has no `\?\.`/],
  ["lines.all(l => l.quantity > 0)", "=>", /CEL has no arrow functions/],
  ["booking.note == 'x", "'x", "The text has no closing quote."],
  ["booking.note == `x`", "`", "Text stands in single or double quotes."],
  ["booking.note == “x”", "“", "Text stands in straight quotes: ' or \"."],
  ["lines.all(l.sku, true)", "sku", /The first argument must be a plain name/],
  ["booking.seats > 1 2", "2", "`2` was not expected here."],
  ["import", "import", "`import` is a word that CEL reserves."],

  // Names and fields.
  ["bookng.seats > 1", "bookng", "`bookng` is not known here.", ["booking"]],
  ["booking.seat > 1", "seat", "A row of bookings has no field `seat`.", ["seats"]],
  ["command.bookingID == 'x'", "bookingID", "The command has no field `bookingID`.", ["bookingId"]],
  ["command.address.town == 'x'", "town", /An object \{ city, zip \} has no field `town`|has no field `town`/],
  ["actor.tenant == 'x'", "tenant", "The actor has no field `tenant`.", ["tenantId"]],
  ["actor.claims.plann == 'pro'", "plann", "The actor's claims has no field `plann`.", ["plan"]],
  ["state.booking.paid", "state", "Loads stand for themselves: leave out `state.`."],
  ["prepare.quote.due > 1", "prepare", "This use case has no `prepare`."],
  ["booking.note == undefined", "undefined", /CEL has no `undefined`/, ["null"]],
  ["lines.sku == 'A'", "sku", /`lines` is a list of rows of lines: a field belongs to one of its elements/, ["lines.map(x, x.sku)"]],
  ["levels.onHand > 0", "onHand", /its rows are found by key/],
  ["lines.length > 0", "length", /a field belongs to one of its elements|size/],
  ["command.sku.length > 3", "length", "The length of `command.sku` is `size(command.sku)`.", ["size()"]],
  ["booking.seats.value > 1", "value", "`booking.seats` is an integer, which has no fields."],
  ["lines['sku'] == 'x'", "'sku'", "An element of a list is found by an integer, not 'sku'."],
  ["levels[3] != null", "3", "The rows of `levels` are found by a string, not an integer."],

  // Comparing what does not go together.
  ["booking.seats == '3'", "booking.seats == '3'", "`booking.seats` is an integer and `'3'` '3': they cannot be compared."],
  ["booking.paid == 1", "booking.paid == 1", /a boolean and `1` an integer: they cannot be compared/],
  [
    "booking.status == 'confirmd'",
    "'confirmd'",
    "`booking.status` is 'requested', 'confirmed' or 'cancelled', never 'confirmd'.",
    ["'confirmed'"],
  ],
  ["booking.status == confirmed", "confirmed", "Text stands in quotes: 'confirmed'.", ["'confirmed'"]],
  ["booking.status in ['requested', 'confirmd']", "'confirmd'", /never 'confirmd'/, ["'confirmed'"]],
  ["booking.status < 'confirmed'", "booking.status < 'confirmed'", /these have no order/],
  ["command.kind == booking.status", "command.kind == booking.status", /can never be/],
  [
    "booking.status == 'requested' && booking.status == 'confirmed'",
    "'confirmed'",
    "Here `booking.status` is 'requested', so it can never be 'confirmed'.",
  ],
  ["booking.seats == 1 && booking.seats == 2", "2", "Here `booking.seats` is 1, so it can never be 2."],
  ["booking.paid && booking.paid == false", "false", "Here `booking.paid` is true, so it can never be false."],
  ["'a' == 'b'", "'a'", /never/],
  ["booking.id == 'b1'", "'b1'", "'b1' is not a uuid."],
  [
    "command.amount == decimal(booking.price)",
    "command.amount",
    /`command.amount` is a decimal, kept as text/,
    ["decimal(command.amount)"],
  ],
  ["decimal(command.amount) > booking.price", "booking.price", /compare `decimal\(booking\.price\)`/, ["decimal(booking.price)"]],
  ["decimal(command.amount) > 0.5", "0.5", "A decimal is exact, `0.5` is not.", ["decimal('0.5')"]],
  ["decimal(command.amount) == '1.00'", "'1.00'", /A decimal is compared with a decimal/, ["decimal('1.00')"]],
  [
    "booking.startsAt > '2026-01-01T00:00:00Z'",
    "'2026-01-01T00:00:00Z'",
    "A timestamp is compared with a timestamp.",
    ["timestamp('2026-01-01T00:00:00Z')"],
  ],
  ["booking.startsAt > command.day", "command.day", /A timestamp and a date cannot be compared/, ["timestamp(command.day)"]],
  ["booking.day == '2026-02-30'", "'2026-02-30'", /is not a date/],
  ["booking.tags == []", "booking.tags == []", "Lists cannot be compared as a whole: compare their size or elements."],
  ["booking == coupon", "booking == coupon", "Objects cannot be compared as a whole: compare their fields."],
  ["booking.meta.count > 3", "booking.meta.count", /JSON of unknown shape/, ["int(booking.meta.count)"]],
  ["'vip' in 'vip,late'", "'vip' in 'vip,late'", /text has `contains`/, ["'vip,late'.contains('vip')"]],
  ["3 in booking.tags", "3 in booking.tags", /cannot be compared/],
  ["command.seats in levels", "command.seats", "The keys of `levels` are a string, not an integer."],

  // Null and absence.
  ["coupon.percent > 10", "coupon", "`coupon` may be null: check `coupon != null` first."],
  ["payment.paidAt < now", "payment", "`payment` may be null: check `payment != null` first."],
  ["coupon != null || coupon.percent > 10", "coupon", "`coupon` may be null: check `coupon != null` first."],
  ["(coupon != null || booking.paid) && coupon.percent > 10", "coupon", "`coupon` may be null: check `coupon != null` first."],
  ["!(coupon == null && booking.paid) && coupon.percent > 10", "coupon", "`coupon` may be null: check `coupon != null` first."],
  ["(coupon != null ? booking.paid : true == booking.paid) && coupon.percent > 10", "coupon", /may be null/],
  ["lines.exists(l, coupon != null) && coupon.percent > 10", "coupon", /may be null/],
  [
    "(booking.status == 'requested' || booking.status == 'confirmed') && booking.status == 'cancelled'",
    "'cancelled'",
    "Here `booking.status` is 'requested' or 'confirmed', so it can never be 'cancelled'.",
  ],
  ["command.couponCode == 'x'", "command.couponCode", "`command.couponCode` may be absent: check `has(command.couponCode)` first."],
  ["has(command.until) || command.until > now", "command.until", /may be absent/],
  ["booking.limit > 3", "booking.limit", "`booking.limit` may be null: check `booking.limit != null` first."],
  ["booking.flagged && booking.paid", "booking.flagged", /may be null/],
  ["size(booking.note) > 3", "booking.note", /may be null/],
  ["lines.all(l, l.weight > 1)", "l.weight", "`l.weight` may be null: check `l.weight != null` first."],
  [
    "lines.all(l, levels[l.sku].onHand > 1)",
    "levels[l.sku]",
    "`levels[l.sku]` may not be there: check `l.sku in levels` first.",
    ["l.sku in levels && …"],
  ],
  ["lines.all(l, l.sku in levels) && levels[command.sku].onHand > 1", "levels[command.sku]", /may not be there/],
  ["booking.seats == null", "booking.seats == null", "`booking.seats` is never null."],
  ["lines != null", "lines != null", /never null: is it empty/, ["size(lines) > 0"]],
  ["has(command.nope)", "nope", "The command has no field `nope`."],
  ["has(command.address.town)", "town", /has no field `town`/],
  ["has(command.sku)", "command.sku", "`command.sku` is always there: leave out `has`."],
  ["has(booking.note)", "booking.note", /is always there, but may be null/, ["booking.note != null"]],
  ["has(payment)", "payment", /`has` takes a field/, ["payment != null"]],
  ["has(levels[command.sku])", "levels[command.sku]", /whether a key is there says `in`/, ["command.sku in levels"]],

  ["coupon == null && coupon != null", "coupon != null", "Here `coupon` is null already."],
  ["coupon != null ? true == booking.paid : coupon == null || booking.paid", "coupon == null", "Here `coupon` is null already."],
  ["has(command.until) ? booking.paid : has(command.until)", "command.until", "Here `command.until` is absent already."],
  ["coupon != null && coupon == null", "coupon == null", "Here `coupon` is never null."],
  ["has(command.note) && size(command.note) > 2", "command.note", "`command.note` may be null: check `command.note != null` first."],
  ["now in [command.until, now]", "command.until", /may be absent/],
  ["true && booking.paid", "true", "This is always true, so there is nothing to decide."],

  // Calculating.
  [
    "booking.price + booking.price == decimal('1')",
    "booking.price",
    /calculate with `decimal\(booking\.price\)`/,
    ["decimal(booking.price)"],
  ],
  ["decimal(booking.price) / 2 == decimal('1')", "decimal(booking.price) / 2", /Decimals are exact, a quotient is not/],
  ["decimal(booking.price) * 1.19 > 1", "1.19", /A decimal is exact/, ["decimal('1.19')"]],
  ["decimal(0.1) > 1", "0.1", /not exact/, ["decimal('0.1')"]],
  ["decimal('ten') > 1", "'ten'", "'ten' is not a decimal: write for example '19.90'."],
  ["booking.seats / 0", "0", "This divides by zero."],
  ["now + 3600 > now", "3600", /moved by a duration/],
  ["now - duration('30d') > now", "'30d'", "A duration has no unit `d`: write hours.", ["'720h'"]],
  ["now - duration('2 hours') > now", "'2 hours'", /duration/],
  ["now - duration('90') > now", "'90'", /lacks a unit/, ["'90s'"]],
  ["now + now > now", "now + now", "`+` does not go with a timestamp and a timestamp."],
  ["timestamp('2026-01-01') > now", "'2026-01-01'", /has no time/, ["'2026-01-01T00:00:00Z'"]],
  ["timestamp('2026-13-01T00:00:00Z') > now", "'2026-13-01T00:00:00Z'", /is not a timestamp/],
  ["now.getHours('Europe/Berln') > 3", "'Europe/Berln'", /There is no time zone/],
  ["'n' + booking.seats == 'n1'", "booking.seats", /Text is joined with text/, ["string(booking.seats)"]],
  ["-command.sku == 'x'", "command.sku", "`-` does not go with a string."],
  ["9007199254740993 > booking.seats", "9007199254740993", /is not exact in JavaScript/, ["bigint('9007199254740993')"]],
  ["booking.paid && booking.seats", "booking.seats", "`&&` takes booleans; `booking.seats` is an integer."],
  ["!booking.seats", "booking.seats", /`!` takes booleans/],
  ["booking.seats ? 1 : 2", "booking.seats", /takes booleans/],
  ["(booking.paid ? 1 : 'x') == 1", "booking.paid ? 1 : 'x'", "The two branches differ: an integer and 'x'."],
  ["[1, 'x'].isUnique()", "'x'", "The elements of a list must be of one type."],
  ["size({sku: 1}) > 0", "sku", "The name of a field is text in quotes.", ["'sku'"]],

  // Functions and macros.
  ["sze(booking.tags) > 1", "sze", "There is no function `sze`.", ["size"]],
  ["command.sku.toLowerCase() == 'a'", "toLowerCase", "There is no function `toLowerCase`.", ["lowerAscii"]],
  ["lines.some(l, l.quantity > 0)", "some", "There is no function `some`.", ["exists"]],
  ["startsWith(command.sku, 'A')", "startsWith", "`startsWith` is written behind a dot.", ["command.sku.startsWith('A')"]],
  ["command.amount.decimal() > 1", "decimal", /is a function, not written behind a dot/, ["decimal(command.amount)"]],
  ["command.sku.startsWith(3)", "3", "`startsWith` takes a string, not an integer."],
  ["booking.seats.startsWith('x')", "booking.seats", "`startsWith` is for a string, not for an integer."],
  ["command.sku.startsWith()", "command.sku.startsWith()", "`startsWith` takes 1 argument, not 0."],
  ["command.sku.matches(command.email)", "command.email", "A pattern must be written out here, in quotes."],
  ["command.sku.matches('[a-')", "'[a-'", /The pattern does not work/],
  ["command.sku.matches('(?=x)')", "'(?=x)'", "A pattern of CEL (RE2) has no `(?=`."],
  ["lines.all(booking, true)", "booking", "`booking` hides `booking` of the use case: take another name."],
  ["lines.all(l, lines.all(l, true))", "l", "`l` hides the variable of the same name around it: take another name."],
  ["lines.all(l, l.quantity)", "l.quantity", "The condition of `all` must be a boolean; this is an integer."],
  ["booking.all(b, b.paid)", "booking", /goes over a list; `booking` is one row/],
  ["lines.map(l)", "l", /`map` takes a name and an expression/],
  ["lines.map(l, l.sku).sum() > 1", "lines.map(l, l.sku)", /`sum` is for/],
  ["lines.map(l, l.weight).sum() > 1", "lines.map(l, l.weight)", /`sum` is for|may be missing/],
  [
    "lines.isUnique()",
    "lines",
    "`isUnique` is for a list of decimals or a list of timestamps or a list of plain values, not for a list of rows of lines.",
  ],
  ["size > 3", "size", "`size` is a function: call it with parentheses."],
  ["b'abc' == command.sku", "b'abc'", /Bytes are not supported/],
  ["booking.seats > 3u", "3u", /There are no unsigned integers/],

  // What the place expects.
  ["booking.seats", "booking.seats", "Expected a boolean, found an integer.", [], types.bool],
  ["booking.note", "booking.note", "`booking.note` may be null: check `booking.note != null` first.", [], types.string],
  ["command.couponCode", "command.couponCode", /may be absent/, [], types.string],
  [
    "command.until",
    "command.until",
    "`command.until` may be absent, which is not null.",
    ["has(command.until) ? command.until : null"],
    types.nullable(types.timestampText),
  ],
  ["null", "null", "Expected a string, found null.", [], types.string],
  ["booking.plan == 'pro' ? 'pro' : 'fre'", "'fre'", "Expected 'free' or 'pro'; this may be 'fre'.", ["'free'"], plan],
  ["command.sku", "command.sku", /Expected 'free' or 'pro', found a string/, [], plan],
  ["command.sku", "command.sku", "Expected a uuid, found a string.", [], types.uuid],
  ["'b1'", "'b1'", "'b1' is not a uuid.", [], types.uuid],
  ["booking.rate", "booking.rate", /may have a fraction/, ["int(booking.rate)"], types.int],
  ["booking.rate", "booking.rate", "Expected a decimal, found a number.", [], types.decimalText],
  ["now - booking.startsAt", "now - booking.startsAt", "Expected an integer, found a duration.", [], types.int],
  ["command.day", "command.day", /Expected a timestamp, found a date/, ["timestamp(command.day)"], types.timestampText],
  ["booking.meta", "booking.meta", /may be null/, [], types.string],
  ["booking.meta.plan", "booking.meta.plan", /JSON of unknown shape/, ["string(booking.meta.plan)"], types.string],
  ["lines.map(l, l.quantity)", "l.quantity", "Expected a string, found an integer.", [], types.listOf(types.string)],
  [
    "lines.map(l, {'sku': l.sku, 'amount': 1})",
    "'amount'",
    /There is no field `amount`/,
    [],
    types.listOf(types.objectOf([["sku", types.string]])),
  ],
  [
    "{'sku': 'A'}",
    "{'sku': 'A'}",
    "The field `quantity` is missing.",
    [],
    types.objectOf([
      ["sku", types.string],
      ["quantity", types.int],
    ]),
  ],
  ["lines", "lines", /Expected a string|found a list/, [], types.string],
  ["booking.paid ? booking.note : 'x'", "booking.note", /may be null/, [], types.string],
];

test.each<Mistake>(mistakes)("%s", (source, at, message, suggestions, expected) => {
  const { problems } = checkExpression(source, scope, expected);
  expect(problems.length, "problems").toBeGreaterThan(0);
  const shown = problems.map((problem) => ({
    at: source.slice(problem.start, problem.end),
    message: problem.message,
    suggestions: problem.suggestions ?? [],
  }));
  const found = shown.find(
    (problem) => problem.at === at && (typeof message === "string" ? problem.message === message : message.test(problem.message)),
  );
  expect(found, JSON.stringify(shown, null, 2)).toBeDefined();
  if (suggestions !== undefined) expect(found?.suggestions.slice(0, suggestions.length)).toEqual(suggestions);
  expect(problems.length, JSON.stringify(shown)).toBe(1);
});

test("there are enough of them", () => expect(mistakes.length).toBeGreaterThanOrEqual(60));

test("every mistake is reported, in the order of the source, each once", () => {
  const { problems } = checkExpression(
    "bookng.paid && booking.seat > 1 && has(command.nope) && lines.all(l, l.quantty > 0 && l.quantty < 9)",
    scope,
  );
  expect(problems.map(({ message }) => message)).toEqual([
    "`bookng` is not known here.",
    "A row of bookings has no field `seat`.",
    "The command has no field `nope`.",
    "A row of lines has no field `quantty`.",
    "A row of lines has no field `quantty`.",
  ]);
});

test("what kind of problem it is", () => {
  const kinds = (source: string, expected?: ValueType) => checkExpression(source, scope, expected).problems.map(({ kind }) => kind);
  expect(kinds("booking.")).toEqual(["syntax"]);
  expect(kinds("booking.nope", types.bool)).toEqual(["type"]);
  expect(kinds("booking.seats", types.bool)).toEqual(["mismatch"]);
  expect(kinds("booking.note", types.string)).toEqual(["missing"]);
});

describe("what is in scope, and known, depends on the place", () => {
  const loadNamed = (name: string) => {
    const load = useCase.loads.find((candidate) => candidate.name === name);
    if (load?.kind !== "table") throw new Error(name);
    return load;
  };
  const problemsAt = (place: ExpressionPlace, source: string, of: UseCase = useCase): readonly ExpressionProblem[] =>
    checkExpression(source, expressionScope(project, of, place), expectedType(project, of, place)).problems;
  const messagesAt = (place: ExpressionPlace, source: string, of?: UseCase) => problemsAt(place, source, of).map(({ message }) => message);
  const expression = (source: string) => ({ source, path: [] });
  const rule = (source: string, error?: string) => ({
    kind: "rule" as const,
    rule: expression(source),
    when: undefined,
    error: error === undefined ? undefined : { name: error, path: [] },
    details: [],
    path: [],
  });
  const withPolicies = (...policies: readonly ReturnType<typeof rule>[]): UseCase => ({ ...useCase, policies });

  test("an idempotency key sees the command alone", () => {
    expect(messagesAt({ kind: "idempotency key" }, "command.sku")).toEqual([]);
    expect(messagesAt({ kind: "idempotency key" }, "command.retries")).toEqual([]);
    expect(messagesAt({ kind: "idempotency key" }, "string(now)")).toEqual([
      "`now` is not known here: the same call must give the same value again.",
    ]);
    expect(messagesAt({ kind: "idempotency key" }, "booking.id")).toEqual(["`booking` is not known here."]);
  });

  test("a load does not see itself; only messages and the audit see the result; only keys see the payload", () => {
    const lines = loadNamed("lines");
    const [condition] = lines.where.conditions;
    if (condition === undefined) throw new Error("no condition");
    expect(messagesAt({ kind: "where", load: lines, condition }, "lines[0].bookingId")).toEqual(["The load `lines` cannot use itself."]);
    expect(messagesAt({ kind: "rule", policy: rule("true") }, "result.total == '1'")[0]).toMatch(/the handler has not decided yet/);
    expect(messagesAt({ kind: "message when", message: event }, "payload.seats > 1")).toEqual([
      "`payload` is known in `key` and `dedupeKey` only.",
    ]);
    expect(messagesAt({ kind: "audit subject" }, "result.movedAt")).toEqual([]);
  });

  test("a value for a condition must fit the column and be there", () => {
    const coupon = loadNamed("coupon");
    const [condition] = coupon.where.conditions;
    if (condition === undefined) throw new Error("no condition");
    const place = { kind: "where" as const, load: coupon, condition };
    // The load's own `when` says that it is there, which TypeScript cannot see.
    const checked = checkExpression("command.couponCode", expressionScope(project, useCase, place), expectedType(project, useCase, place));
    expect(checked.problems).toEqual([]);
    expect(emitExpression(checked).code).toBe("present(command.couponCode)");
    expect(problemsAt({ ...place, load: { ...coupon, when: undefined } }, "command.couponCode")).toMatchObject([{ kind: "missing" }]);
    expect(problemsAt(place, "command.seats")).toMatchObject([{ kind: "mismatch", message: "Expected a string, found an integer." }]);
  });

  test("in a part with the same `when`, the load took place", () => {
    const when = expression("has(command.couponCode)");
    const policy = { ...rule("coupon.percent < 50"), when };
    expect(messagesAt({ kind: "rule", policy }, "coupon.percent < 50")).toEqual([]);
    expect(messagesAt({ kind: "rule", policy: { ...policy, when: expression("has(command.until)") } }, "coupon.percent < 50")).toHaveLength(
      1,
    );
    const scoped = expressionScope(project, useCase, { kind: "rule", policy });
    expect(emitExpression(checkExpression("coupon.percent < 50", scoped)).code).toBe("present(coupon).percent < 50");
  });

  test("what earlier rules have checked is known afterwards; a rule's details know that it failed", () => {
    const paid = rule("payment != null");
    const early = rule("payment.amount != ''");
    const all = withPolicies(paid, early);
    expect(messagesAt({ kind: "rule", policy: early }, "payment.paidAt < now", all)).toEqual([]);
    expect(messagesAt({ kind: "rule", policy: paid }, "payment.paidAt < now", all)).toHaveLength(1);
    expect(messagesAt({ kind: "message when", message: event }, "payment.paidAt < now", all)).toEqual([]);
    expect(messagesAt({ kind: "audit subject" }, "payment.id", all)).toHaveLength(1);
    const free = rule("payment == null");
    expect(
      messagesAt(
        { kind: "detail", policy: free, detail: { name: "at", value: expression("payment.paidAt"), path: [] } },
        "payment.paidAt",
        withPolicies(free),
      ),
    ).toEqual([]);
  });

  test("a load that is raised as missing finds a row for every key", () => {
    const guaranteed: UseCase = {
      ...useCase,
      loads: useCase.loads.map((load) =>
        load.name === "levels" && load.kind === "table" ? { ...load, missing: { name: "NotStocked", path: [] } } : load,
      ),
    };
    const policy = rule("true");
    expect(messagesAt({ kind: "rule", policy }, "lines.all(l, levels[l.sku].onHand >= l.quantity)", guaranteed)).toEqual([]);
    expect(messagesAt({ kind: "rule", policy }, "lines.all(l, levels[l.id].onHand >= l.quantity)", guaranteed)).toHaveLength(1);
    expect(messagesAt({ kind: "rule", policy }, "lines.filter(l, l.quantity > 1).all(x, levels[x.sku].onHand > 0)", guaranteed)).toEqual(
      [],
    );
    const scoped = expressionScope(project, guaranteed, { kind: "rule", policy });
    expect(emitExpression(checkExpression("lines.all(l, levels[l.sku].onHand > 0)", scoped)).code).toBe(
      "lines.every((l) => entryOf(levels, l.sku).onHand > 0)",
    );
  });
});

describe("hostile and random sources", () => {
  test.each([
    ["too long", `booking.seats == ${"1".repeat(longestSource)}`, /longer than/],
    ["too deep", `${"(".repeat(500)}1${")".repeat(500)}`, /too large|too deeply/],
    ["a stack of operators", `${"!".repeat(4_000)}booking.paid`, /too large|too deeply/],
    ["a long chain", `1${"+1".repeat(1_500)} > 0`, /too large|too deeply/],
  ])("%s", (_title, source, message) => {
    expect(checkExpression(source, scope).problems).toMatchObject([{ kind: "syntax", message: expect.stringMatching(message) }]);
  });

  test.each([
    "constructor",
    "__proto__",
    "booking.constructor",
    "booking['__proto__']",
    "command.toString()",
    "booking.hasOwnProperty('id')",
    "lines.constructor('x')",
  ])("%s is nothing", (source) => expect(checkExpression(source, scope).problems).not.toEqual([]));

  test("text cannot become code", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the attack
    for (const text of ["`${process.exit()}`", '"; process.exit(); "', "*/ process.exit() /*", "\u2028process.exit()", "</script>", "\\"]) {
      const source = `booking.note == ${JSON.stringify(text).replaceAll("\u2028", "\\u2028")}`;
      const { code } = emitExpression(checkExpression(source, scope));
      const value: unknown = new Function("booking", `return ${code};`)({ note: text });
      expect(value).toBe(true);
      expect(code).not.toContain("\u2028");
    }
  });

  test("5,000 random sources: a problem or code that runs, never an exception", () => {
    const next = randomNumbers(20_261_122);
    const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(next() * values.length)] as Value;
    const atoms = [
      "booking",
      "booking.seats",
      "lines",
      "command.until",
      "coupon",
      "payment",
      "now",
      "levels",
      "null",
      "true",
      "1",
      "2.5",
      "'x'",
      "l",
      "l.sku",
      "''",
      "\\",
      "\0",
      "💥",
      "__proto__",
    ];
    const glue = [
      " + ",
      " - ",
      " * ",
      " / ",
      " % ",
      " == ",
      " != ",
      " < ",
      " && ",
      " || ",
      " in ",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      ".",
      ", ",
      " ? ",
      " : ",
      "!",
      "-",
      "has(",
      "lines.map(l, ",
      "decimal(",
      "duration(",
      "'",
      '"',
    ];
    let sound = 0;
    for (let round = 0; round < 5_000; round++) {
      const length = 1 + Math.floor(next() * 9);
      let source = "";
      for (let part = 0; part < length; part++)
        source += round % 3 === 0 ? String.fromCharCode(Math.floor(next() * 256)) : pick(part % 2 === 0 ? atoms : glue);
      const checked = checkExpression(source, scope, round % 5 === 0 ? pick([types.bool, types.string, types.key, types.json]) : undefined);
      for (const { start, end } of checked.problems) {
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(Math.max(source.length, 1));
      }
      if (checked.problems.length > 0) continue;
      sound++;
      const { code } = emitExpression(checked);
      expect(() => new Function(`return (${code});`), `${source} → ${code}`).not.toThrow();
    }
    expect(sound).toBeGreaterThan(100);
  });
});

/** A seeded generator (mulberry32), so that a failure comes back. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
