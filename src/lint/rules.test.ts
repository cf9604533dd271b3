// Holds the folder of rules and the registry together, and runs every rule's own examples through the real loading.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { loadProject } from "../spec/load-project.js";
import { camelCase } from "../spec/names.js";
import { exampleFiles } from "./example-project.js";
import { lint } from "./lint.js";
import { rules } from "./registry.js";
import type { RuleExample } from "./rule.js";

// The schema is read as ever, but once per text: nearly every example has the same one.
vi.mock("../spec/drizzle-schema.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("../spec/drizzle-schema.js")>();
  const readings = new Map<string, ReturnType<typeof original.readDatabaseSchema>>();
  return {
    readDatabaseSchema(root: string, modules: readonly string[]) {
      const key = modules.map((module) => readFileSync(join(root, module), "utf8")).join("\0");
      const reading = readings.get(key) ?? original.readDatabaseSchema(root, modules);
      readings.set(key, reading);
      return reading;
    },
  };
});

// Inside the repository, so that the example's schema finds drizzle-orm.
const folder = fileURLToPath(new URL(`../../.tmp/rules-${process.pid}`, import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function findingsIn(example: RuleExample) {
  const cwd = join(folder, `${count++}`);
  for (const [file, text] of exampleFiles(example)) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  return lint(await loadProject({ cwd }));
}

/** The lines that end in `# found here`, and those above a line `# found above`. */
function markedLines(example: RuleExample): readonly string[] {
  return [...exampleFiles(example)].flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => {
      if (/(#|\/\/) found here$/.test(line)) return [`${file}:${index + 1}`];
      return /^\s*# found above$/.test(line) ? [`${file}:${index}`] : [];
    }),
  );
}

test("the registry has every file of the folder, in order", () => {
  const files = readdirSync(join(import.meta.dirname, "rules")).filter((name) => !name.endsWith(".test.ts"));
  expect(rules.map(({ id }) => `${id.replace("/", "-")}.ts`)).toEqual(files.toSorted());
});

test.each(rules.map((rule) => [rule.id, rule] as const))("%s is written as a rule", async (id, rule) => {
  const module: Readonly<Record<string, unknown>> = await import(`./rules/${id.replace("/", "-")}.ts`);
  expect(module[camelCase(id.replace("/", "-"))]).toBe(rule);
  expect(id).toMatch(/^[a-z]+\/[a-z-]+$/);
  expect(rule.summary).toMatch(/^[a-z].*[^.]$/);
  expect(rule.why).toMatch(/^[A-Z].*\.$/s);
  expect(rule.required === true ? rule.severity : "error").toBe("error");
});

test.concurrent.each(rules.map((rule) => [rule.id, rule] as const))(
  "%s finds its bad example, and nothing else does",
  async (id, { bad, severity }) => {
    const findings = await findingsIn(bad);
    const expected = markedLines(bad);
    expect(expected).not.toEqual([]);
    expect(findings.map(({ file, line, ruleId, message }) => ({ at: `${file}:${line}`, ruleId, message }))).toEqual(
      expected.map((at) => ({ at, ruleId: id, message: expect.stringMatching(/[.?]$/) })),
    );
    expect(findings.map((finding) => finding.severity)).toEqual(expected.map(() => severity));
  },
);

test.concurrent.each(rules.map((rule) => [rule.id, rule] as const))(
  "%s and all others are silent about its good example",
  async (_, { good }) => {
    expect(await findingsIn(good)).toEqual([]);
  },
);
