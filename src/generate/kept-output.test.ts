import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GenerateReport, generate } from "../tooling.js";

const scratch = fileURLToPath(new URL("../../.tmp", import.meta.url));
mkdirSync(scratch, { recursive: true });
const root = mkdtempSync(join(scratch, "kept-output-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const spec = (name: string, idempotency = "none", more = "") =>
  `usecase: ${name}\nsummary: Note a line.\ncommand: { line: Line }\nidempotency: ${idempotency}\npolicies: none\n` +
  `writes: { logs: [insert] }\nresult: {}\n${more}`;
const files = {
  "package.json": '{ "type": "module" }',
  "usecase.config.yaml": "schema: schema.ts\n",
  "schema.ts": `import { pgTable, text } from "drizzle-orm/pg-core";\nexport const logs = pgTable("logs", { line: text().primaryKey(), note: text() });\n`,
  "specs/all.shared.yaml": "types:\n  Line: { type: string, maxLength: 10 }\n",
  "specs/keep-line.usecase.yaml": spec(
    "KeepLine",
    "{ key: caller }",
    "triggers: [{ event: LineSent, command: { line: event.payload.line } }]\n",
  ),
  "specs/note-line.usecase.yaml": spec("NoteLine"),
  "specs/send-line.usecase.yaml": spec(
    "SendLine",
    "none",
    "events: { LineSent: { version: 1, key: command.line, payload: { line: { from: command.line } } } }\n",
  ),
};
const names = ["keep-line", "note-line", "send-line"];

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const read = (path: string) => readFileSync(join(root, path), "utf8");
const run = async (options: Parameters<typeof generate>[0] = {}): Promise<GenerateReport> => {
  const outcome = await generate({ cwd: root, cache: true, ...options });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.lint.findings));
  return outcome.report;
};
/** How often each use case has been made. */
const timesMade = () => {
  const lines = read(".usecase/cache/output.jsonl").split("\n");
  return names.map((name) => lines.filter((line) => line.includes(`\t"specs/${name}.`)).length);
};
const expectCurrent = async () => expect((await run({ cache: false, check: true })).stale).toBe(false);

beforeAll(async () => {
  for (const [path, text] of Object.entries(files)) write(path, text);
  await run();
  await run();
});

test.each([
  ["its spec", "specs/note-line.usecase.yaml", "Note a line.", "Note one line.", ["note-line"]],
  ["a shared type", "specs/all.shared.yaml", "10", "11", names],
  ["the schema", "schema.ts", "note: text()", 'note: text("remark")', names],
  ["the configuration", "usecase.config.yaml", "\n", "\nrows: { logs: LogLine }\n", names],
  ["what was generated", "src/usecases/note-line/note-line.gen.ts", "export", "export ", ["note-line"]],
  ["a use case that starts another", "specs/send-line.usecase.yaml", "Note a line.", "Send a line.", ["keep-line", "send-line"]],
])("after a change of %s, what is made from it is made again, and nothing else", async (_, path, before, after, expected) => {
  const [text, earlier] = [read(path), timesMade()];
  expect(text).toContain(before);
  write(path, text.replace(before, after));
  await run({ force: true });
  const now = timesMade();
  expect(names.filter((_, index) => now[index] !== earlier[index])).toEqual(expected);
  await expectCurrent();
});

test("a generated file that is gone is made again, and a test that the user has removed is not", async () => {
  const folder = join(root, "src/usecases/note-line");
  for (const file of readdirSync(folder)) if (!file.includes(".handler.")) rmSync(join(folder, file));
  await run();
  expect(readdirSync(folder).sort()).toEqual(["note-line.gen.ts", "note-line.handler.ts", "note-line.validator.gen.ts"]);
  await expectCurrent();
});
