// Input that is made to hurt: each is a finding with its place, and all of it together fits into little memory.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, `.tmp/hostile-${process.pid}`);
const spec = (name: string, more = "") => `usecase: ${name}\nsummary: ${name}.\ncommand: {}\nresult: {}\n${more}`;
const list = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => line(index)).join("\n");

/** By file name: its content, and `line:column rule` of its first error. */
const files: Readonly<Record<string, readonly [content: string | Buffer, told: string]>> = {
  "alias-bomb": [
    spec(
      "AliasBomb",
      `tags:\n${list(12, (at) => `  - &a${at} [${at === 0 ? "x" : list(10, () => `*a${at - 1}`).replaceAll("\n", ", ")}]`)}\n`,
    ),
    "10:25 spec/limits",
  ],
  "alias-of-itself": [spec("AliasOfItself", "tags: &a [*a]\n"), "5:11 spec/syntax"],
  "anchor-on-key": [spec("AnchorOnKey", "&k description: x\nowner: *k\n"), "5:4 spec/syntax"],
  bidi: [spec("Bidi", "description: a\u202eb\n"), "5:15 spec/syntax"],
  "bidi-escaped": [spec("BidiEscaped", 'description: "a\\u202eb"\n'), "5:14 spec/syntax"],
  "byte-order-mark-inside": [spec("ByteOrderMarkInside", "description: a\ufeffb\n"), "5:15 spec/syntax"],
  "complex-key": [spec("ComplexKey", "? [a, b]\n: c\n"), "5:1 spec/syntax"],
  "control-character": [spec("ControlCharacter", "description: a\u001b[31mb\n"), "5:15 spec/syntax"],
  "custom-tag": [spec("CustomTag", "description: !!js/function 'x'\n"), "5:14 spec/syntax"],
  "deep-block": [spec("DeepBlock", `state:\n${list(400, (at) => `${" ".repeat(at + 1)}a:`)}\n`), "69:66 spec/limits"],
  "deep-expression": [spec("DeepExpression", `policies:\n  - rule: ${"(".repeat(4000)}\n`), "6:70 expression/syntax"],
  "deep-flow": [spec("DeepFlow", `description: ${"[".repeat(100_000)}\n`), "5:77 spec/limits"],
  "deep-list": [spec("DeepList", `tags:\n  ${"- ".repeat(5000)}x\n`), "6:129 spec/limits"],
  device: [spec("Con"), "1:10 spec/name"],
  directive: [`%TAG ! tag:x,2000:\n---\n${spec("Directive")}`, "1:1 spec/syntax"],
  "duplicate-key": [spec("DuplicateKey", "summary: again\n"), "5:1 spec/syntax"],
  emoji: [spec("Move🚚"), "1:10 spec/name"],
  empty: ["", "1:1 spec/syntax"],
  homoglyph: [spec("\u0410pple"), "1:10 spec/name"],
  huge: [spec("Huge", `description: ${"x".repeat(1_100_000)}\n`), "1:1 spec/limits"],
  infinite: [spec("Infinite", "transaction: { retries: 1e999 }\n"), "5:25 spec/limits"],
  "large-integer": [spec("LargeInteger", "transaction: { retries: 9007199254740993 }\n"), "5:25 spec/limits"],
  "latin-1": [Buffer.from(spec("Latin1", "description: caf\u00e9\n"), "latin1"), "5:17 spec/syntax"],
  "lone-surrogate": [spec("LoneSurrogate", 'description: "\\ud800"\n'), "5:14 spec/syntax"],
  "long-line": [spec("LongLine", `description: ${"x".repeat(900_000)}\n`), "5:14 spec/schema"],
  "long-name": [spec("A".repeat(5000)), "1:10 spec/schema"],
  "many-loads": [spec("ManyLoads", `state:\n${list(40_000, (at) => `  k${at}: 1`)}\n`), "6:7 spec/schema"],
  "many-mistakes": [
    spec(
      "ManyMistakes",
      list(20_000, (at) => `bad${at}: 1`),
    ),
    "5:1 spec/schema",
  ],
  "merge-key": [spec("MergeKey", "state: { <<: { a: 1 } }\n"), "5:10 spec/syntax"],
  "not-a-number": [spec("NotANumber", "transaction: { retries: .nan }\n"), "5:25 spec/limits"],
  nul: [spec("Nul", "description: a\0b\n"), "5:15 spec/syntax"],
  "path-like": [spec("../../Etc"), "1:10 spec/name"],
  proto: [spec("Proto", "state: { __proto__: { table: orders } }\n"), "5:10 spec/name"],
  "proto-field": ["usecase: ProtoField\nsummary: s\ncommand: { constructor: string }\nresult: {}\n", "3:12 spec/name"],
  "several-documents": [`${spec("SeveralDocuments")}---\n${spec("Other")}`, "5:1 spec/syntax"],
  "utf-16": [Buffer.from(`\ufeff${spec("Utf16")}`, "utf16le"), "1:1 spec/syntax"],
  "utf-16-without-mark": [Buffer.from(spec("Utf16"), "utf16le").swap16(), "1:1 spec/syntax"],
  "utf-32": [Buffer.concat([Buffer.from([0, 0, 0xfe, 0xff]), Buffer.alloc(40)]), "1:1 spec/syntax"],
  "wide-expression": [spec("WideExpression", `policies:\n  - rule: ${"1+".repeat(4900)}1 == 2\n`), "6:11 expression/syntax"],
  "another/twice": [spec("Twice"), "none"],
  twice: [spec("Twice"), "1:10 spec/duplicate"],
};
/** What is no file of its own. */
const others: Readonly<Record<string, string>> = {
  dangling: "1:1 spec/file-name",
  folder: "1:1 spec/file-name",
  linked: "1:1 spec/file-name",
  pipe: "1:1 spec/file-name",
};

beforeAll(() => {
  const path = (name: string) => join(folder, `specs/${name}.usecase.yaml`);
  for (const [name, [content]] of Object.entries(files)) {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content);
  }
  writeFileSync(join(folder, "usecase.config.yaml"), "schema: schema.ts\n");
  writeFileSync(
    join(folder, "schema.ts"),
    'import { pgTable, uuid } from "drizzle-orm/pg-core";\nexport const orders = pgTable("orders", { id: uuid().primaryKey() });\n',
  );
  mkdirSync(path("folder"));
  symlinkSync("nowhere", path("dangling"));
  symlinkSync(join(root, "specs/move-inventory.usecase.yaml"), path("linked"));
  execFileSync("mkfifo", [path("pipe")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Later versions of Node let new objects take several times the room before they are looked through: here all take the same.
test("each is a finding with its place; all of them together fit into 256 MB", () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      "--max-old-space-size=160",
      "--max-semi-space-size=16",
      join(root, "bin/usecase.js"),
      "lint",
      "--no-cache",
      "--stats",
      "--format",
      "json",
    ],
    { cwd: folder, encoding: "utf8", maxBuffer: 100_000_000 },
  );
  expect(status, stderr).toBe(1);
  const found = new Map<string, string>();
  for (const { file, line, column, ruleId, severity } of JSON.parse(stdout).findings) {
    // What else is to be said of use cases that do nothing.
    if (severity !== "error") continue;
    const name = /^specs\/(.*)\.usecase\.yaml$/.exec(file)?.[1] ?? file;
    if (!found.has(name)) found.set(name, `${line}:${column} ${ruleId}`);
  }
  const expected = { ...Object.fromEntries(Object.entries(files).map(([name, [, told]]) => [name, told])), ...others };
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, found.get(name) ?? "none"]))).toEqual(expected);
  expect(Number(/(\d+) MB at most/.exec(stderr)?.[1])).toBeLessThan(256);
});
