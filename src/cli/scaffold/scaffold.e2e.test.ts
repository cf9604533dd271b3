// What scaffold writes lints without a finding, is generated, type-checks, and its tests run: for many combinations of
// flags, all in one project.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProject } from "../../spec/load-project.js";
import { kebabCase } from "../../spec/names.js";
import { main } from "../main.js";
import { scriptedPrompts } from "../scripted-prompts.fixture.js";
import { copySpec } from "./copy-spec.js";
import { type ScaffoldFlags, scaffoldRequest } from "./scaffold-request.js";
import { scaffoldSpec } from "./scaffold-spec.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = join(root, `.tmp/scaffold-${process.pid}`);

const schema = `import { sql } from "drizzle-orm";
import { bigint, bigserial, boolean, check, date, doublePrecision, integer, numeric, pgEnum, pgTable, primaryKey, serial, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";

export const orderStatus = pgEnum("order_status", ["draft", "it's paid", "shipped"]);
export const orders = pgTable(
  "orders",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    number: text().notNull(),
    status: orderStatus().notNull(),
    total: numeric({ precision: 12, scale: 2 }).notNull(),
    placedAt: timestamp("placed_at", { withTimezone: true }).notNull().defaultNow(),
    version: integer().notNull(),
  },
  (t) => [unique("orders_number_unique").on(t.tenantId, t.number), check("orders_total_check", sql\`\${t.total} >= 0\`)],
);
export const products = pgTable("products", { sku: text().primaryKey(), name: text().notNull(), price: numeric().notNull(), active: boolean().notNull() });
export const people = pgTable("people", { id: serial().primaryKey(), email: text().notNull().unique(), age: integer() });
export const events = pgTable("events", { id: bigserial({ mode: "bigint" }).primaryKey(), note: text() });
export const counters = pgTable("counters", { id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(), n: integer().notNull() });
export const memberships = pgTable(
  "memberships",
  { tenantId: text("tenant_id").notNull(), userId: uuid("user_id").notNull(), role: text().notNull() },
  (t) => [primaryKey({ columns: [t.tenantId, t.userId] })],
);
export const rates = pgTable("rates", { day: date().notNull(), code: orderStatus().notNull(), rate: doublePrecision().notNull() }, (t) => [
  primaryKey({ columns: [t.day, t.code] }),
]);
export const links = pgTable("links", { from: uuid("from_id").notNull(), to: uuid("to_id").notNull() }, (t) => [primaryKey({ columns: [t.from, t.to] })]);
`;
const machine = `machine: Order
table: orders
field: status
initial: draft
states:
  draft: { on: { pay: "it's paid" } }
  "it's paid": { on: { ship: shipped } }
  shipped: { type: final }
`;
const config = `schema: src/db/schema.ts
lockOrder: [orders, products]
tenant: { column: tenantId, value: actor.tenantId }
version: { column: version }
imports: .ts
`;
const compiler = {
  extends: "../../generated-example/tsconfig.json",
  compilerOptions: { allowImportingTsExtensions: true, noEmit: true, rootDir: "." },
  include: ["src"],
};

const tables = ["orders", "products", "people", "events", "counters", "memberships", "rates"];
const combinations: readonly ScaffoldFlags[] = [
  ...tables.map((table) => ({ table })),
  ...tables.map((table) => ({ table, event: ["One"], job: ["One"] })),
  ...tables.flatMap((table) =>
    ["none", "share", "no-key-update", "update"].map((lock) => ({
      load: [`row:${table}:${lock}`],
      ...(lock !== "none" && { job: ["One"] }),
    })),
  ),
  { load: ["link:links:none"] },
  { table: "orders:total,number" },
  { table: "people:email" },
  { table: "people:age", load: ["owner:people", "product:products:share"] },
  { transition: ["Order:ship"] },
  { transition: ["Order:pay"], event: ["One"] },
  { transition: ["Order:pay"], table: "orders:placedAt", job: ["One", "Two"] },
  { transition: ["Order:ship"], load: ["product:products:share", "one:orders:update"], event: ["One", "Two"] },
  { table: "products", load: ["order:orders:none", "member:memberships:none"], event: ["One"] },
  { event: ["One"] },
  { job: ["One"] },
];

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

async function usecase(...argv: readonly string[]) {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text), isTTY: false };
  const io = { stdout: stream, stderr: stream, env: {}, cwd: folder, prompts: scriptedPrompts([]), writeFile: async () => {} };
  const code = await main(argv, { ...io, stdin: { isTTY: false, read: async () => "" } });
  return { code, text: written.join("") };
}

beforeAll(async () => {
  put("src/db/schema.ts", schema);
  put("specs/order.machine.yaml", machine);
  put("usecase.config.yaml", config);
  put("tsconfig.json", JSON.stringify(compiler));
  put("package.json", '{ "type": "module" }');
  put("vitest.config.ts", "export default {};\n");
  const { project } = await loadProject({ cwd: folder });
  const specs = combinations.map((flags, index) => {
    const name = `Do${index}Thing`;
    // A message has one shape in a project.
    const own = (names: readonly string[] | undefined, what: string) => names?.map((each) => `Thing${index}${each}${what}`);
    const { event, job, ...others } = flags;
    const [events, jobs] = [own(event, "Done"), own(job, "Job")];
    const asked = { ...others, ...(events !== undefined && { event: events }), ...(jobs !== undefined && { job: jobs }) };
    const text = scaffoldSpec(scaffoldRequest(name, asked, project), project.config, "../schema.json");
    put(`specs/${kebabCase(name)}.usecase.yaml`, text);
    return text;
  });
  put("specs/copy-it.usecase.yaml", copySpec(specs[0] ?? "", "CopyIt"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The steps of one story, in order.
test("lints without a finding", async () => {
  expect(await usecase("lint")).toEqual({ code: 0, text: `✔ ${combinations.length + 2} files: nothing found.\n` });
});

test("is generated, and then current", async () => {
  expect(await usecase("generate", "--quiet")).toMatchObject({ code: 0 });
  expect(await usecase("check", "--quiet")).toEqual({ code: 0, text: "" });
});

test("type-checks", () => {
  const run = () =>
    execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8", stdio: "pipe" });
  expect(output(run)).toBe("");
});

test("has tests that run", () => {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const env = { ...process.env, NO_COLOR: "1" };
  const run = () =>
    execFileSync(process.execPath, [vitest, "run", "--root", folder, "--pool", "threads", "--no-isolate", "--maxWorkers", "1"], {
      encoding: "utf8",
      stdio: "pipe",
      env,
      cwd: folder,
    });
  // They are lists of what is to be tested: there is nothing to fail yet. A query needs neither handler nor test.
  expect(output(run)).toMatch(/Test Files {2}(\d\d) skipped \(\1\)\n {6}Tests {2}(\d+) todo \(\2\)/);
});

/** What a command says, also where it fails. */
function output(run: () => string): string {
  try {
    return run();
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `failed: ${stdout}${stderr}`;
  }
}
