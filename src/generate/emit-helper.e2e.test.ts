import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProject } from "../spec/load-project.js";
import { emitFiles } from "./emit-files.js";
import { generate } from "./generate.js";

// Inside the repository, so that the schema finds drizzle-orm.
const repository = fileURLToPath(new URL("../..", import.meta.url));
const cwd = join(repository, `.tmp/emit-helper-${process.pid}`);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Each fifth is started by what the one before it sends. */
const spec = (index: number) => `\
usecase: Close${index}Orders
summary: Close orders, way ${index}.
command: { orderId: uuid, line: Line${index % 2 === 0 ? "" : ", more?: integer"} }
idempotency: { key: caller }
state: { order: { table: orders, where: { id: command.orderId }, lock: no key update } }
policies: [{ permission: orders.close }, { rule: order.total > ${index}, error: Empty }]
writes: { orders: { update: [total] } }
result: {}
errors: [Empty]
audit: { subject: { type: Order, id: order.id } }
events: { Order${index}Closed: { version: 1, key: command.orderId, payload: { orderId: { from: command.orderId }, line: { from: command.line } } } }
${
  index % 5 === 0 && index > 0
    ? `triggers: [{ event: Order${index - 1}Closed, command: { orderId: event.payload.orderId, line: event.payload.line } }]\n`
    : ""
}`;

const node = (args: readonly string[], env = process.env) => spawnSync(process.execPath, args, { cwd, encoding: "utf8", env });
const command = [join(repository, "bin/usecase.js"), "generate"];
const usecase = (...args: readonly string[]) => node([...command, ...args]);

/** Says what second threads are for; can let them end before they have done anything. */
const watchHelper = `
const { workerData } = require("node:worker_threads");
if (workerData?.work !== undefined) {
  require("node:fs").appendFileSync("works", workerData.work + " ");
  if (process.env.END_HELPER !== undefined) throw new Error("ended");
}
`;

beforeAll(() => {
  mkdirSync(join(cwd, "specs"), { recursive: true });
  writeFileSync(join(cwd, "usecase.config.yaml"), "schema: schema.ts\nout: out\ntemplates: templates\ntables: { migrations: none }\n");
  mkdirSync(join(cwd, "templates"));
  writeFileSync(
    join(cwd, "schema.ts"),
    `import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
export const orders = pgTable("orders", { id: uuid().primaryKey(), total: integer().notNull() });
`,
  );
  writeFileSync(
    join(cwd, "specs/all.shared.yaml"),
    "errors:\n  Empty: { kind: conflict }\ntypes:\n  Line: { type: string, maxLength: 10 }\n",
  );
  for (let index = 0; index < 130; index++) writeFileSync(join(cwd, `specs/close${index}-orders.usecase.yaml`), spec(index));
  usecase("--eject", "generated/use-case");
  appendFileSync(join(cwd, "templates/generated/use-case.hbs"), "// {{constant}}\n");
});

test("with a second thread, many use cases make what one thread makes, in templates of the user too", { timeout: 120_000 }, async () => {
  // The sources run in one thread.
  const { project, problems } = await loadProject({ cwd });
  expect(problems).toEqual([]);
  const files = await emitFiles(project);
  expect(files.filter(({ text }) => text.includes("// close7Orders")).map(({ path }) => path)).toContain(
    "out/close7-orders/close7-orders.gen.ts",
  );
  writeFileSync(join(cwd, "watch-helper.cjs"), watchHelper);
  // The second run finds what lint has to say of the use cases, and only makes what has been removed.
  for (const [args, work] of [
    [[], "generate "],
    [[], "emit "],
    [["--no-cache"], "generate "],
  ] as const)
    for (const env of [process.env, { ...process.env, END_HELPER: "" }]) {
      rmSync(join(cwd, "works"), { force: true });
      if (work === "generate ") rmSync(join(cwd, ".usecase"), { recursive: true, force: true });
      expect(node(["--require", "./watch-helper.cjs", ...command, ...args], env)).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(join(cwd, "works"), "utf8")).toBe(work);
      for (const { path, text } of files) expect(readFileSync(join(cwd, path), "utf8"), path).toBe(text);
      rmSync(join(cwd, "out"), { recursive: true });
    }
});

test("with a second thread, what a template breaks is told as one thread tells it", { timeout: 120_000 }, async () => {
  appendFileSync(join(cwd, "templates/generated/use-case.hbs"), "const {{constant}} = ;\n");
  const { project } = await loadProject({ cwd });
  const told = await generate({ project }).then(
    () => "",
    ({ message, help }) => `error: ${message}\n${help}\n`,
  );
  expect(told).toContain("would make it");
  expect(usecase()).toMatchObject({ status: 2, stderr: told });
});

test("with many use cases too, a schema that cannot be read is told with its reason and place", { timeout: 120_000 }, () => {
  appendFileSync(join(cwd, "schema.ts"), 'throw new Error("No such database.");\n');
  expect(usecase("--no-cache")).toMatchObject({
    status: 1,
    stdout: expect.stringContaining("schema.ts:1:1 error  No such database.  spec/drizzle-schema"),
    stderr: "Nothing was written: a project with errors is not generated.\n",
  });
});
