import { describe, expect, test } from "vitest";
import { useCaseFrom } from "./handler/use-case.fixture.js";
import { checkHandler, syncHandler } from "./sync-handler.js";

const spec = `
usecase: CloseOrder
summary: Close an order.
command: { orderId: uuid }
prepare: { quote: { fields: { due: decimal } } }
policies: [{ check: inTime }, { check: notTwice }]
result: { closed: boolean, note?: string, id: { from: command.orderId, type: uuid }, total: { fields: { amount: decimal, tax: decimal } } }
events:
  OrderClosed: { key: command.orderId, payload: { by: string, orderId: { from: command.orderId } } }
  LinesClosed: { key: command.orderId, cardinality: many, payload: { lineId: uuid } }
jobs: { SendMail: { cardinality: optional, payload: { to: string } } }
`;
const useCase = useCaseFrom(spec);
const sync = (text: string) => syncHandler(useCase, "close-order.handler.ts", text);

const complete = `import { defineHandler, type CloseOrderOutcome } from "./close-order.gen.js";
export const closeOrderHandler = defineHandler({
  prepare: { quote: async () => ({ due: "1" }) },
  checks: { inTime: () => true, notTwice: () => true },
  apply(): CloseOrderOutcome {
    return {
      result: { closed: true, total: { amount: "1", tax: "0" } },
      events: { OrderClosed: { by: "me" }, LinesClosed: [] },
    };
  },
});
`;

test("a handler that has everything is left as it is", () => {
  expect(sync(complete)).toMatchObject({ text: complete, added: [], findings: [] });
  expect(checkHandler(useCase, "f", complete)).toEqual([]);
});

describe("what is added, and how it looks", () => {
  test.each<[what: string, from: readonly [RegExp | string, string][], to: readonly [RegExp | string, string][]]>([
    [
      "checks that are missing, in one line as the others",
      [["checks: { inTime: () => true, notTwice: () => true }", "checks: {inTime: () => true}"]],
      [["checks: {inTime: () => true}", 'checks: {inTime: () => true, notTwice: () => notImplemented("the check notTwice")}']],
    ],
    [
      "a check after the last, with its comments where they were",
      [
        [
          "checks: { inTime: () => true, notTwice: () => true },",
          "checks: {\n    // one\n    inTime: () => true // two\n    // three\n  },",
        ],
      ],
      [
        [
          "inTime: () => true // two\n    // three\n",
          'inTime: () => true, // two\n    // three\n    notTwice: () => notImplemented("the check notTwice")\n',
        ],
      ],
    ],
    [
      "all checks, before what is done",
      [["  checks: { inTime: () => true, notTwice: () => true },\n", ""]],
      [
        [
          "defineHandler({\n",
          'defineHandler({\n  checks: {\n    inTime: () => notImplemented("the check inTime"),\n    notTwice: () => notImplemented("the check notTwice"),\n  },\n\n',
        ],
      ],
    ],
    [
      "a field, in every return",
      [
        [
          "    return {\n      result: { closed: true,",
          "    if (1) return { result: { closed: false, total: null! }, events: null! };\n    return {\n      result: {",
        ],
      ],
      [
        [
          'result: { total: { amount: "1", tax: "0" }',
          'result: { total: { amount: "1", tax: "0" }, closed: notImplemented("result.closed")',
        ],
      ],
    ],
    ["a field within a field", [[', tax: "0"', ""]], [['amount: "1" }', 'amount: "1", tax: notImplemented("result.total.tax") }']]],
    [
      "a whole group",
      [['      events: { OrderClosed: { by: "me" }, LinesClosed: [] },\n', ""]],
      [
        [
          '"0" } },\n',
          '"0" } },\n      events: { OrderClosed: { by: notImplemented("events.OrderClosed.by") }, LinesClosed: notImplemented("events.LinesClosed") },\n',
        ],
      ],
    ],
    [
      "fields of every element of a list, and of an optional message that is sent",
      [["LinesClosed: [] },", "LinesClosed: lines.map(() => ({})) },\n      jobs: { SendMail: late ? {} : undefined },"]],
      [
        ["lines.map(() => ({}))", 'lines.map(() => ({ lineId: notImplemented("events.LinesClosed[].lineId") }))'],
        ["late ? {} :", 'late ? { to: notImplemented("jobs.SendMail.to") } :'],
      ],
    ],
  ])("%s", (_, from, to) => {
    const replace = (text: string, pairs: typeof from) => pairs.reduce((all, [old, fresh]) => all.replace(old, () => fresh), text);
    const before = replace(complete, from);
    expect(before).not.toBe(complete);
    const after = sync(before);
    const expected = replace(before, to).replace(/^import/, 'import { notImplemented } from "usecasecore";\nimport');
    expect(after.text).toBe(expected);
  });
});

describe("the file's own manner", () => {
  const other = `\uFEFFimport { CloseOrderOutcome, defineHandler } from './close-order.gen.js'\r
import {\r
\ttype Actor,\r
\ttype Logger,\r
} from 'usecasecore'\r
\r
/* © 2026 – ünïcode 🙂 */\r
export const closeOrderHandler = defineHandler({\r
\tprepare: { quote },\r
\tchecks: {\r
\t\tinTime,\r
\t},\r
\tapply: close satisfies unknown,\r
})\r
\r
async function quote() { return { due: '1' } }\r
const inTime = () => true\r
function close(): CloseOrderOutcome {\r
\tconst result = { closed: true, total }\r
\tconst total = { amount: '1' }\r
\treturn { result, events: { ...base, ...(x && { LinesClosed: [{ lineId: 'a' }, { }] }) } }\r
}\r
const base = { OrderClosed: { by: 'it\\'s me' } }`;

  test("quotes, semicolons, tabs, line endings, byte order mark and missing line feed at the end stay", () => {
    const { text, added, findings } = sync(other);
    expect(findings).toEqual([]);
    expect(added).toEqual(["checks.notTwice", "result.total.tax", "events.LinesClosed[].lineId"]);
    expect(text).toBe(
      other
        .replace("import {\r\n\ttype Actor,\r\n\ttype Logger,\r\n", "import {\r\n\ttype Actor,\r\n\ttype Logger,\r\n\tnotImplemented,\r\n")
        .replace("\t\tinTime,\r\n", "\t\tinTime,\r\n\t\tnotTwice: () => notImplemented('the check notTwice'),\r\n")
        .replace("amount: '1' }", "amount: '1', tax: notImplemented('result.total.tax') }")
        .replace("{ }]", "{ lineId: notImplemented('events.LinesClosed[].lineId') }]"),
    );
    expect(sync(text)).toMatchObject({ text, added: [], findings: [] });
  });

  test.each<[string, string, string]>([
    ["its own name for it", 'import { notImplemented as todo } from "usecasecore";', "todo("],
    ["a namespace", 'import * as core from "usecasecore";', "core.notImplemented("],
    ["types alone", 'import type { Actor } from "usecasecore";', "notImplemented("],
    ["the name taken", "const notImplemented = 1;", "notImplementedYet("],
    ["an import of the package", 'import { isUseCaseError, UseCaseError } from "usecasecore";', "notImplemented("],
  ])("%s", (_, statement, call) => {
    const { text, added } = sync(`${statement}\n${complete.replace(", notTwice: () => true", "")}`);
    expect(added).toEqual(["checks.notTwice"]);
    expect(text).toContain(`notTwice: () => ${call}"the check notTwice")`);
    if (call === "notImplementedYet(") expect(text).toContain('import { notImplemented as notImplementedYet } from "usecasecore";\n');
    if (statement.includes("isUseCaseError")) expect(text).toContain("import { isUseCaseError, notImplemented, UseCaseError } from");
    if (statement.includes("type {")) expect(text).toContain('import { notImplemented } from "usecasecore";\nimport { defineHandler');
  });
});

describe("what is left alone, with its place", () => {
  const notices = (text: string) => {
    const { text: after, findings } = sync(text);
    expect(after).toBe(text);
    return findings.map(({ line, column, kind, places }) => `${line}:${column} ${kind} ${places.join(" ")}`);
  };
  const but = (old: string, fresh: string) => {
    expect(complete).toContain(old);
    return complete.replace(old, () => fresh);
  };
  test.each<[what: string, text: string, notices: readonly string[]]>([
    ["a spread of something else", but("notTwice: () => true", "...common"), ["4:36 missing checks.notTwice"]],
    ["a name that is computed", but("notTwice: () => true", "[name]: () => true"), ["4:33 missing checks.notTwice"]],
    ["a check too many", but("inTime:", "atNoon: () => true, inTime:"), ["4:13 extra checks.atNoon"]],
    ["a field too many", but("closed: true", "closed: true, open: false"), ["7:31 extra result.open"]],
    ["a group too many", but("      events:", "      effects: {},\n      events:"), ["8:7 extra effects"]],
    [
      "checks of another file",
      but("checks: { inTime: () => true, notTwice: () => true }", "checks"),
      ["4:3 unseen checks.inTime checks.notTwice"],
    ],
    [
      "a handler of another file",
      'import { defineHandler } from "./close-order.gen.js";\nexport default defineHandler(handler);\n',
      [expect.stringMatching(/^2:30 unseen prepare .* jobs.SendMail.to$/)],
    ],
    ["no handler here", 'export * from "./other.js";\n', [expect.stringMatching(/^1:1 unseen prepare /)]],
    [
      "a returned variable that is changed",
      but("return {", "const r = {").replace("};\n  },", "};\n    r.more = 1;\n    return r;\n  },"),
      [expect.stringMatching(/^11:12 unseen result /)],
    ],
    ["a syntax error", but("apply()", "apply("), ["1:1 unread "]],
  ])("%s", (_, text, expected) => expect(notices(text)).toEqual(expected));

  test("refusals need no result", () => {
    expect(
      notices(but("return {", "if (late) return reject('TooLate');\n    if (never) return notImplemented('x');\n    return {")),
    ).toEqual([]);
  });

  test("messages say what to do", () => {
    const [notice] = sync(but("inTime:", "atNoon: () => true, inTime:")).findings;
    expect(notice).toMatchObject({
      file: "close-order.handler.ts",
      message: "specs/close-order.usecase.yaml asks for checks.atNoon no longer: remove it.",
    });
  });
});
