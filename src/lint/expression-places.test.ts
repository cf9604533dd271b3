// A mistake in an expression is marked where it is written, in whatever form YAML lets one write it.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCache, rememberingCache } from "../spec/cache/cache-store.js";
import { exampleFiles } from "./example-project.js";
import { lintProject } from "./lint-project.js";

// Inside the repository, so that the example's schema finds drizzle-orm.
const cwd = fileURLToPath(new URL(`../../.tmp/places-${process.pid}`, import.meta.url));
const spec = "specs/ship-order.usecase.yaml";
const cache = rememberingCache(openCache(join(cwd, "cache")));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
beforeAll(() => {
  for (const [file, text] of exampleFiles({})) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
});

test.each([
  ["plain", "  - rule: order.note == null || order.totl != null"],
  ["plain, folded", "  - rule: order.note == null\n      || order.totl\n      != null"],
  ["plain, in a flow mapping", "  - { rule: order.note == null || order.totl != null, when: order.note != null }"],
  ["single-quoted", "  - rule: 'order.note == ''it'' || order.totl != null'"],
  ["single-quoted, folded over an empty line", "  - rule: 'order.note == null\n\n      || order.totl != null'"],
  ["double-quoted", '  - rule: "order.note == \\"it\\" || order.totl != null"'],
  ["double-quoted, escapes by number", "  - rule: \"order.note == '\\x41\\u00e9\\U0001F600'\\n || order.totl != null\""],
  ["double-quoted, a character of two units", "  - rule: \"order.note == '😀' || order.totl != null\""],
  ["double-quoted, a line break escaped", '  - rule: "order.note == null \\\n      || order.totl != null"'],
  ["literal", "  - rule: |\n      order.note == null\n      || order.totl != null"],
  ["literal, stripped", "  - rule: |-\n      order.note == null ||\n        order.totl != null"],
  ["literal, kept", "  - rule: |+\n      order.note == null\n\n      || order.totl != null\n"],
  ["literal, its indentation given", "  - rule: |1-\n         order.note == null\n     || order.totl != null"],
  ["folded", "  - rule: >-\n      order.note == null\n      || order.totl != null"],
  ["folded, further in and after an empty line", "  - rule: >\n      order.note == null\n        ||\n\n      order.totl != null"],
])("%s", async (_, policy) => {
  for (const newline of ["\n", "\r\n"]) {
    const example = new Map(exampleFiles({ spec: `policies:\n${policy}\n` }));
    const text = (example.get(spec) ?? "").replaceAll("\n", newline);
    const { findings } = await lintProject({ cwd, cache, texts: new Map([[spec, text]]) });
    const marked = findings.filter(({ ruleId }) => ruleId === "expression/type");
    const before = text.slice(0, text.indexOf("totl")).split("\n");
    const line = before.length;
    const column = (before.at(-1) ?? "").length + 1;
    expect(marked.map((each) => [each.line, each.column, each.endLine, each.endColumn])).toEqual([[line, column, line, column + 4]]);
  }
});
