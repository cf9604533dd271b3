// A person edits a handler while its spec changes, at random: nothing that the person wrote is ever lost.
// SEED=… EDITS=… repeat a run, or make it longer.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { UseCase } from "../../spec/model.js";
import { planFiles } from "../files/plan.js";
import { writeChanges } from "../files/write.js";
import { checkHandler, syncHandler } from "../sync-handler.js";
import type { HandlerRecord } from "./handler-record.js";
import type { Insertion } from "./insert-members.js";
import { planHandlers } from "./plan-handlers.js";
import { recordOf } from "./record-of.js";
import { useCaseFrom } from "./use-case.fixture.js";

const edits = Number(process.env["EDITS"] ?? 200);
const seed = Number(process.env["SEED"] ?? Date.now() % 100_000);

// In memory where that can be had: every write waits for the disk.
const root = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "usecase-edits-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const path = "out/close-order/close-order.handler.ts";
const file = join(root, path);

let state = seed;
const random = (below: number) => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * below);
};
const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;

/** What the spec may ask for; each is there or not. */
const parts = {
  checks: ["inTime", "notTwice", "paid"],
  prepare: ["quote", "weather"],
  result: ["closed: boolean", "total: decimal", "note?: string", "place: { fields: { x: integer, y: integer } }"],
  events: [
    "OrderClosed: { key: command.id, payload: { by: string } }",
    "Lines: { key: command.id, cardinality: many, payload: { line: uuid } }",
  ],
  jobs: ["Mail: { cardinality: optional, payload: { to: string } }", "Count: { payload: { n: integer } }"],
};
const all = Object.entries(parts).flatMap(([group, items]) => items.map((item) => ({ group, item })));
const wanted = new Set(all.slice(0, 1));

function useCase(): UseCase {
  const of = (group: string) => [...wanted].filter((each) => each.group === group).map(({ item }) => item);
  const mapping = (group: string) =>
    of(group).length === 0
      ? ""
      : `${group}:\n${of(group)
          .map((item) => `  ${item}\n`)
          .join("")}`;
  return useCaseFrom(`usecase: CloseOrder
summary: Close an order.
command: { id: uuid }
${
  of("checks").length === 0
    ? ""
    : `policies: [${of("checks")
        .map((check) => `{ check: ${check} }`)
        .join(", ")}]\n`
}${
  of("prepare").length === 0
    ? ""
    : `prepare:\n${of("prepare")
        .map((name) => `  ${name}: { fields: { a: string } }\n`)
        .join("")}`
}${mapping("result")}${mapping("events")}${mapping("jobs")}`);
}

let mark = 0;
/** What a person may do to a text; each leaves it a handler, or in the midst of being written. */
const manners: readonly ((text: string) => string)[] = [
  (text) => atRandomLine(text, () => `// mark ${++mark} – "it's" \`\${x}\` { } 🙂`),
  (text) => atRandomLine(text, () => `/* mark ${++mark}\n   ) } ] */`),
  (text) => `${text}\nfunction helper${++mark}() {\n  return { result: ${mark}, checks: {} };\n}\n`,
  (text) => text.replaceAll(/\r?\n/g, pick(["\n", "\r\n"])),
  (text) => text.replace(/^\uFEFF?/, pick(["", "\uFEFF"])),
  (text) => text.replace(/^ {2}/gm, "\t"),
  (text) => text.replace(/^\t/gm, "  "),
  (text) => text.replace(/,(\s*\}\s*;?\s*)$/, "$1"),
  (text) => text.replace(/notImplemented\("([^"]*)"\)/, () => pick(["done()", "1 as never", "(() => { return null! })()"])),
  (text) =>
    text.replace(/return notImplemented\([^)]*\);/, () => "if (input.late) return reject('Late');\n    return { /* the outcome */ };"),
  (text) => text.replace(/\{ \/\* the outcome \*\/ \}/, "late ? {} : {\n      // nothing yet\n    }"),
  (text) => text.replace("apply(): CloseOrderOutcome {", "async apply(input): Promise<CloseOrderOutcome> {"),
  (text) => text.replace(/return (\{[^;]*\});\n {2}\}/, "const outcome = $1;\n    return outcome;\n  }"),
  (text) => text.replace(/: \(\) => notImplemented\(/, ": async () =>\n      notImplemented("),
  (text) => text.replace(/defineHandler\(\{/, "defineHandler(({").replace(/\}\);(\s*)$/, "}));$1"),
  (text) => text.replace(/;(\r?\n)/, "$1"),
  (text) => (random(4) === 0 ? `${text}\nconst unfinished = {` : text),
  (text) => text.replace(/\nconst unfinished = \{/, ""),
];

function atRandomLine(text: string, line: () => string): string {
  const lines = text.split("\n");
  lines.splice(random(lines.length + 1), 0, line());
  return lines.join("\n");
}

/** What is left when that which was put in is taken out again. */
function without(text: string, insertions: readonly Insertion[]): string {
  return insertions.reduce((rest, { at, text: { length } }) => rest.slice(0, at) + rest.slice(at + length), text);
}

test(`${edits} edits of a handler between changes of its spec (seed ${seed})`, async () => {
  mkdirSync(dirname(file), { recursive: true });
  const scaffold = `import { notImplemented } from "usecasecore";
import { type CloseOrderOutcome, defineHandler } from "./close-order.gen.js";

export const closeOrderHandler = defineHandler({
  /** Close an order. */
  apply(): CloseOrderOutcome {
    return notImplemented("what CloseOrder does");
  },
});
`;
  let known: ReadonlyMap<string, HandlerRecord> = new Map();
  const seen = { extended: 0, noticed: 0, edited: 0 };
  const generate = async () => {
    const [before, spec, then] = [contentOf(), useCase(), known.get(path)];
    const emitted = [{ path, text: scaffold, kind: "scaffold" as const, emitter: "handler" }];
    const files = await planFiles({ root, folder: "out", emitted, manifest: new Map() });
    const { planned, notices, records } = await planHandlers({
      root,
      planned: files,
      useCases: new Map([[path, { record: recordOf(spec), model: () => spec }]]),
      known,
    });
    await writeChanges(
      root,
      planned.filter(({ status }) => status === "create" || status === "extend"),
    );
    known = records;
    const after = readFileSync(file, "utf8");
    if (before !== undefined && before !== after) {
      seen.extended++;
      expect(without(after, syncHandler(spec, path, before).insertions)).toBe(before);
    }
    seen.noticed += notices.length === 0 ? 0 : 1;
    // Where the spec has changed, what the handler lacks has been put in, or is named.
    if (`${recordOf(spec).members}` === `${then?.members}`) return;
    const lacks = checkHandler(spec, path, after).filter(({ kind }) => kind === "missing" || kind === "unread");
    if (lacks.length > 0 && before !== undefined) expect(notices.map(({ kind }) => kind)).toEqual(expect.arrayContaining([lacks[0]?.kind]));
  };
  await generate();
  for (let index = 0; index < edits; index++) {
    const text = contentOf() ?? "";
    const edited = pick(manners)(text);
    if (edited !== text) seen.edited++;
    writeFileSync(file, edited);
    const change = pick(all);
    if (random(3) > 0) void (wanted.delete(change) || wanted.add(change));
    await generate();
    const stale = contentOf();
    await generate();
    expect(contentOf()).toBe(stale);
    // So that neither text nor spec goes on growing.
    if (random(25) === 0) {
      rmSync(file);
      await generate();
    }
  }
  expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(edits / 20);
}, 120_000);

function contentOf(): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
