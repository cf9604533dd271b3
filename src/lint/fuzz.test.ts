// Specs with random changes: lint may find whatever it likes, but never fails, and every finding has a place that exists;
// and what its fixes make is no worse, and has nothing left to fix.
//   npx vitest run --project unit src/lint/fuzz     some hundred rounds
//   FUZZ_ROUNDS=5000 FUZZ_SEED=7 npm run fuzz:lint  as long as you like; 20,000 rounds if nothing is said
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openCache, rememberingCache } from "../spec/cache/cache-store.js";
import { readYaml } from "../spec/yaml/read-yaml.js";
import { applyFixes } from "./apply-fixes.js";
import { lintProject } from "./lint-project.js";
import { reporters } from "./reporters/registry.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rounds = Number(process.env["FUZZ_ROUNDS"] ?? 250);
let seed = Number(process.env["FUZZ_SEED"] ?? 1);

const files = readdirSync(join(root, "specs")).map((name) => `specs/${name}`);
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
// The schema is read once; nothing of the project's own cache is touched.
const folder = join(root, `.tmp/fuzz-${process.pid}`);
const cache = rememberingCache(openCache(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same every time: a linear congruential generator. */
function random(below: number): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((seed / 2_147_483_648) * below);
}
const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;

const tokens = [
  ..."!&*{}[](),:#|>@%`'\"?-=<>.~$\\/0159_ \n\t\r",
  ...["\u0000", "\u200b", "\u202e", "\ufeff", "\ud800", "é", "🎉", "\u2028"],
  ...[
    "null",
    "true",
    "~",
    "1e999",
    "0x1f",
    "1.0",
    "-0",
    "9007199254740993",
    "__proto__",
    "constructor",
    "toString",
    "<<: *a",
    "&a ",
    "*a",
    "!!str ",
    "---\n",
    "%YAML 1.2\n",
  ],
  ...["[[[[[[[[[[", "{ a: { a: { a: ", "((((((((((", "? ", "|\n  ", ">-\n  ", " # ", ": ", "- ", "\n  ", "\n      "],
  ...[
    "command.",
    "state.",
    "result.",
    "now",
    "has(",
    ".map(x, ",
    ".all(l, ",
    " && ",
    " ? 1 : ",
    "in",
    "size(",
    "duration('1h')",
    "decimal('x')",
    "timestamp(1)",
  ],
  ...[
    "many",
    "optional",
    "keyBy: id\n",
    "lock: update\n",
    "when: ",
    "nullable: true",
    "from: ",
    "fields: {}",
    "items: ",
    "type: json",
    "enum: []",
    "const: 1",
  ],
];

function changed(text: string): string {
  const at = random(text.length + 1);
  const lines = text.split("\n");
  switch (random(8)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random(30));
    case 1: {
      // Two lines change places.
      const [a, b] = [random(lines.length), random(lines.length)];
      [lines[a], lines[b]] = [lines[b] ?? "", lines[a] ?? ""];
      return lines.join("\n");
    }
    case 2:
      lines.splice(random(lines.length), 0, ...lines.slice(random(lines.length)).slice(0, 1 + random(6)));
      return lines.join("\n");
    case 3: {
      // A stretch of another file.
      const other = pick([...texts.values()]);
      const from = random(other.length);
      return text.slice(0, at) + other.slice(from, from + random(200)) + text.slice(at);
    }
    case 4: {
      // One word for another.
      const words = [...text.matchAll(/\w+/g)];
      const word = pick(words);
      const put = pick([pick(words)?.[0] ?? "", pick(tokens)]);
      return word === undefined ? text : text.slice(0, word.index) + put + text.slice(word.index + word[0].length);
    }
    case 5:
      return text.slice(0, at);
    default:
      return text.slice(0, at) + pick(tokens) + text.slice(at);
  }
}

test("lint never fails on a changed spec, and every finding has a place", { timeout: 60_000 + rounds * 500 }, async () => {
  let found = 0;
  for (let round = 0; round < rounds; round++) {
    const file = pick(files);
    let text = texts.get(file) ?? "";
    for (let count = random(4); count >= 0; count--) text = changed(text);
    const start = seed;
    const report = await lintProject({ cwd: root, cache, texts: new Map([[file, text]]) }).catch((error: unknown) => {
      throw new Error(`Round ${round} (seed ${start}) failed on:\n${text}`, { cause: error });
    });
    found += report.findings.length;
    for (const finding of report.findings) {
      const source = report.source(finding.file);
      if (source === undefined) continue;
      const lines = source.split("\n");
      const where = `${JSON.stringify(finding)}\nin\n${source}`;
      expect(finding.line, where).toBeGreaterThan(0);
      expect(finding.line, where).toBeLessThanOrEqual(lines.length);
      expect(finding.column, where).toBeLessThanOrEqual((lines[finding.line - 1] ?? "").length + 1);
      expect(finding.endLine > finding.line || (finding.endLine === finding.line && finding.endColumn >= finding.column), where).toBe(true);
    }
    if (round % 10 === 0) for (const reporter of reporters) reporter.render(report, { color: true, directory: "" });
  }
  expect(found).toBeGreaterThan(rounds / 2);
});

/** As hands slip: a letter is doubled, left out or changes places with the next, or two lines do. */
function misspelt(text: string): string {
  const words = [...text.matchAll(/[A-Za-z]{3,}/g)];
  const word = pick(words);
  if (word === undefined || random(5) === 0) return changed(text);
  const at = word.index + random(word[0].length - 1);
  const [a = "", b = ""] = text.slice(at, at + 2);
  return text.slice(0, at) + pick([a, a + a + b, b + a, `${a}${b.toUpperCase()}`]) + text.slice(at + 2);
}

const commentsOf = (text: string) => text.split("\n").flatMap((line) => /(?:^|\s)#.*$/.exec(line)?.[0].trim() ?? []);

test("fixes come to an end, break nothing and keep every comment", { timeout: 60_000 + rounds * 500 }, async () => {
  const fixRounds = Math.ceil(rounds / 3);
  let fixes = 0;
  for (let round = 0; round < fixRounds; round++) {
    const file = pick(files);
    const start = seed;
    let before = (texts.get(file) ?? "").replace(/\n/g, () => (random(12) === 0 ? ` # note ${random(1_000)}\n` : "\n"));
    for (let count = random(3); count >= 0; count--) before = misspelt(before);
    let text = before;
    const where = () => `Round ${round} (seed ${start}):\n${before}\nbecame\n${text}`;
    for (let turn = 0; ; turn++) {
      const report = await lintProject({ cwd: root, cache, texts: new Map([[file, text]]) });
      const source = report.source(file) ?? "";
      const result = applyFixes(
        file,
        source,
        report.findings.filter((finding) => finding.file === file && finding.fixable),
      );
      if (result.fixed === 0) break;
      expect(turn, where()).toBeLessThan(5);
      fixes += result.fixed;
      expect(readYaml(file, result.text).faults.length, where()).toBeLessThanOrEqual(readYaml(file, source).faults.length);
      expect(commentsOf(result.text).sort(), where()).toEqual(commentsOf(source).sort());
      text = result.text;
    }
  }
  expect(fixes).toBeGreaterThan(fixRounds / 10);
});
