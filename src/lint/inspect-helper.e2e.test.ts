import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { lintProject } from "./lint-project.js";

// Inside the repository, so that the schema finds drizzle-orm.
const repository = fileURLToPath(new URL("../..", import.meta.url));
const cwd = join(repository, `.tmp/inspect-helper-${process.pid}`);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Each third has a mistake that a rule finds, each fifth one of structure, each seventh one of YAML. */
const spec = (index: number) => `\
usecase: Close${index}Orders
summary: Close orders, way ${index}.
command: { orderId: uuid }
idempotency: { key: caller }
state:
  order: { table: ${index % 3 === 0 ? "ordres" : "orders"}, where: { id: command.orderId }, lock: no key update }
policies: [{ permission: orders.close }, { rule: order.total > 0, error: Empty }]
${index % 5 === 0 ? "polices: none\n" : ""}writes: { orders: { update: [total] } }
result: ${index % 7 === 0 ? "{" : "{}"}
errors: [Empty]
audit: { subject: { type: Order, id: order.id } }
`;

/** Says which of V8's flags are set. */
const tellFlags = `
const v8 = require("node:v8");
v8.setFlagsFromString = (flag) => process.stderr.write(flag + "\\n");
require("node:module").syncBuiltinESMExports();
`;

test("with a second thread, many use cases have the findings that one thread finds", { timeout: 120_000 }, async () => {
  mkdirSync(join(cwd, "specs"), { recursive: true });
  writeFileSync(join(cwd, "usecase.config.yaml"), "schema: schema.ts\n");
  writeFileSync(
    join(cwd, "schema.ts"),
    `import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
export const orders = pgTable("orders", { id: uuid().primaryKey(), total: integer().notNull() });
`,
  );
  writeFileSync(join(cwd, "specs/all.shared.yaml"), "errors:\n  Empty: { kind: conflict }\n");
  for (let index = 0; index < 110; index++) writeFileSync(join(cwd, `specs/close${index}-orders.usecase.yaml`), spec(index));
  // The sources run in one thread.
  const { findings } = await lintProject({ cwd });
  expect(new Set(findings.map(({ ruleId }) => ruleId))).toEqual(new Set(["spec/unknown-reference", "spec/schema", "spec/syntax"]));
  writeFileSync(join(cwd, "tell-flags.cjs"), tellFlags);
  const command = ["--require", "./tell-flags.cjs", join(repository, "bin/usecase.js"), "lint", "--no-cache", "--format", "json"];
  const { stdout, stderr } = spawnSync(process.execPath, command, { cwd, encoding: "utf8", maxBuffer: 1e8 });
  const told = JSON.parse(stdout).findings.map(({ ruleId, file, line, column, message }: (typeof findings)[number]) => [
    ruleId,
    file,
    line,
    column,
    message,
  ]);
  expect(told).toEqual(findings.map(({ ruleId, file, line, column, message }) => [ruleId, file, line, column, message]));
  // Where one pass over many is a matter of how V8 is set up, it is.
  const flags = ["--always-sparkplug", "--interrupt-budget=1000000", "--heap-growing-percent=100"];
  const before = ["--no-always-sparkplug", "--interrupt-budget=67584", "--heap-growing-percent=0"];
  expect(stderr.match(/^--.*$/gm) ?? []).toEqual(process.versions.node.startsWith("20.") ? [...flags, ...before] : []);
  for (let index = 1; index < 110; index++) rmSync(join(cwd, `specs/close${index}-orders.usecase.yaml`));
  const few = spawnSync(process.execPath, command, { cwd, encoding: "utf8" });
  expect(JSON.parse(few.stdout).summary.files).toBe(2);
  expect(few.stderr).toBe("");
});
