// Spawns the built command, as a user's shell does.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleCore, sampleUseCases } from "../testing/server/fixtures/sample-use-cases.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "bin/usecase.js");
// Inside the repository, so that the schema finds drizzle-orm.
const copy = join(root, `.tmp/cli-${process.pid}`);
const spec = "specs/move-inventory.usecase.yaml";

beforeAll(() => {
  for (const part of ["specs", "usecase.config.yaml", "generated-example/src", "generated-example/drizzle"])
    cpSync(join(root, part), join(copy, part), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

function usecase(
  args: readonly string[],
  options: { readonly cwd?: string; readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
) {
  const { GITHUB_ACTIONS: _actions, FORCE_COLOR: _color, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? copy,
    input: options.input ?? "",
    env: { ...env, ...options.env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("the sample specs lint without a finding", () => {
  expect(usecase(["lint", "specs", "--max-warnings", "0"], { cwd: root })).toEqual({
    status: 0,
    stdout: "✔ 11 files: nothing found.\n",
    stderr: "",
  });
});

test("one wrong column is found at its file, line and column, with the right one", () => {
  const file = join(copy, spec);
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("locationId: command.fromLocationId", "locationid: command.fromLocationId"));
  try {
    const { status, stdout } = usecase(["lint", "specs"]);
    expect(stdout).toBe(`\
specs/move-inventory.usecase.yaml:19:32 error  Table inventoryBalances has no column "locationid".  spec/unknown-reference
   18 |     table: inventoryBalances
   19 |     where: { sku: command.sku, locationid: command.fromLocationId }
      |                                ^^^^^^^^^^ did you mean locationId?

1 error in 11 files; --fix repairs 1.
`);
    expect(status).toBe(1);
    const json = JSON.parse(usecase(["lint", "--format", "json"]).stdout);
    expect(json.findings).toMatchObject([
      { file: spec, line: 19, column: 32, endColumn: 42, ruleId: "spec/unknown-reference", suggestions: ["locationId"] },
    ]);
    expect(json.summary).toMatchObject({ files: 11, errors: 1, warnings: 0 });
  } finally {
    writeFileSync(file, text);
  }
});

test("standard input is linted under its name", () => {
  const input = readFileSync(join(copy, spec), "utf8").replace("lock: no key update", "lock: no key updat");
  const { status, stdout } = usecase(["lint", "-", "--stdin-filename", spec, "--format", "compact"], { input });
  expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining(`${spec}:20:11 error`) });
});

test.each([
  [["lint", "--formt"], "Did you mean --format?"],
  [["lnt"], "Did you mean lint?"],
  [["lint", "nowhere"], 'No spec matches "nowhere".'],
])("%j is wrong usage", (args, message) => {
  expect(usecase(args)).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining(message) });
});

test("generated files come back byte for byte, and a second run writes nothing", () => {
  expect(usecase(["generate", "--force", "--quiet"])).toMatchObject({ status: 0, stderr: "" });
  const out = join(copy, "generated-example/src/usecases");
  const generated = () =>
    readdirSync(out, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".gen.ts"))
      .toSorted();
  const before = new Map(generated().map((file) => [file, readFileSync(join(out, file), "utf8")]));
  expect(before.size).toBeGreaterThan(15);
  for (const file of before.keys()) rmSync(join(out, file));

  expect(usecase(["generate", "--check"]).status).toBe(1);
  expect(usecase(["generate"]).status).toBe(0);
  expect(new Map(generated().map((file) => [file, readFileSync(join(out, file), "utf8")]))).toEqual(before);

  const times = generated().map((file) => statSync(join(out, file)).mtimeMs);
  expect(usecase(["generate"])).toEqual({ status: 0, stdout: expect.stringMatching(/^✔ \d+ files are current\.\n$/), stderr: "" });
  expect(generated().map((file) => statSync(join(out, file)).mtimeMs)).toEqual(times);
});

test("a scaffolded use case lints and is generated", () => {
  const args = ["scaffold", "HoldOrder", "--transition", "Order:cancel", "--event", "OrderHeld"];
  expect(usecase(args)).toMatchObject({ status: 0, stderr: "" });
  expect(existsSync(join(copy, "generated-example/src/usecases/hold-order/hold-order.handler.ts"))).toBe(true);
  expect(usecase(["lint", "--max-warnings", "0"]).status).toBe(0);
  expect(usecase(["generate", "--check"]).status).toBe(0);
  expect(usecase(args)).toMatchObject({ status: 4, stdout: "", stderr: expect.stringContaining("is there already") });
});

test("explain of a use case tells what a call sends, locks and refuses, with nothing generated and no database", async () => {
  const bare = join(root, `.tmp/explain-${process.pid}`);
  for (const part of ["specs", "usecase.config.yaml", "generated-example/src/db"])
    cpSync(join(root, part), join(bare, part), { recursive: true });
  try {
    const { status, stdout, stderr } = usecase(["explain", "ShipOrder"], { cwd: bare });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^ShipOrder \(specs\/ship-order\.usecase\.yaml\), an action\n/);
    for (const line of [
      "   balances: inventoryBalances, locked no key update\n",
      "       for no key update\n",
      "   order: Order.ship, paid → shipped\n",
      "lock order  orders (no key update); inventoryBalances (no key update)\n",
      "round trips  5\n",
      "retries  3, after SQLSTATE 40001 or 40P01\n",
    ])
      expect(stdout).toContain(line);
    expect(stdout).toMatch(/^ {2}OrderNotFound +not-found +order finds no row of orders$/m);
    const { version, ...explanation } = JSON.parse(usecase(["explain", "ship-order", "--json"], { cwd: bare }).stdout);
    expect(version).toBe(1);
    // What is told from specs alone is what the application's own core tells of its generated code.
    const core = exampleCore({ name: "none", session: () => expect.unreachable("asked"), close: async () => {} });
    expect(explanation).toEqual(core.explanation((await sampleUseCases()).shipOrder));
    // What people see are the statements as they are sent, over several lines.
    const text = stdout.replace(/\n\s+/g, " ");
    for (const { statements } of explanation.bursts) for (const { sql, step } of statements) if (step !== 8) expect(text).toContain(sql);
    expect(readdirSync(bare, { recursive: true, encoding: "utf8" }).filter((file) => /explain-|usecases/.test(file))).toEqual([]);
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
});

test("a question without a terminal is wrong usage that names the flag", () => {
  expect(usecase(["scaffold", "ParkOrder"])).toEqual({ status: 2, stdout: "", stderr: expect.stringContaining("--table") });
});

test("a reader that goes away breaks nothing", async () => {
  const child = spawn(process.execPath, [bin, "rules", "--json"], { cwd: copy });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdout.destroy();
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("colours are for terminals, and for those who ask", () => {
  expect(usecase(["rules"]).stdout).not.toContain("\u001b");
  expect(usecase(["rules"], { env: { FORCE_COLOR: "1" } }).stdout).toContain("\u001b[31m");
});
