import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { smallProject } from "../testing/server/fixtures/small-project.js";

const spec = (name: string, idempotency = "none", more = "") =>
  `usecase: ${name}\nsummary: Note a line.\ncommand: { line: Line }\nidempotency: ${idempotency}\npolicies: none\n` +
  `writes: { logs: [insert] }\nresult: {}\n${more}`;
const { root, read, edit, restore, run } = smallProject({
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
});
const names = ["keep-line", "note-line", "send-line"];

/** How often each use case has been made. */
const timesMade = () => {
  const lines = read(".usecase/cache/output.jsonl").split("\n");
  return names.map((name) => lines.filter((line) => line.includes(`\t"specs/${name}.`)).length);
};
const expectCurrent = async () => expect((await run({ cache: false, check: true })).stale).toBe(false);

beforeAll(async () => {
  restore();
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
  const earlier = timesMade();
  expect(read(path)).toContain(before);
  edit(path, before, after);
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
