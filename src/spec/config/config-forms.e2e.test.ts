// The configuration in each of its forms, through the built command.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
// Inside the repository, so that the schema finds drizzle-orm.
const cwd = join(repository, `.tmp/config-forms-${process.pid}`);

const data = (schema: string) =>
  `{ "${schema}": "db.ts", "specs": "actions", "lint": { "rules": { "docs/summary": "error", "audit/subject": "off" } } }`;
const forms: readonly (readonly [file: string, write: (schema: string) => string, place: string])[] = [
  [
    "usecase.config.yaml",
    (schema) => `${schema}: db.ts\nspecs: actions\nlint: { rules: { docs/summary: error, audit/subject: off } }\n`,
    ":1:1",
  ],
  ["usecase.config.json", (schema) => `${data(schema)}\n`, ":1:3"],
  [
    "usecase.config.ts",
    (schema) => `interface Named { readonly specs: string }\nconst config: Named = ${data(schema)};\nexport default config;\n`,
    " at scema:",
  ],
  [
    "usecase.config.js",
    (schema) => `import { specs } from "./folders.mjs";\nexport default { ...${data(schema)}, specs };\n`,
    " at scema:",
  ],
];

beforeAll(() => {
  mkdirSync(join(cwd, "actions"), { recursive: true });
  writeFileSync(join(cwd, "folders.mjs"), 'export const specs = "actions";\n');
  writeFileSync(
    join(cwd, "db.ts"),
    'import { integer, pgTable, uuid } from "drizzle-orm/pg-core";\nexport const orders = pgTable("orders", { id: uuid().primaryKey(), total: integer().notNull() });\n',
  );
  writeFileSync(
    join(cwd, "actions/close-order.usecase.yaml"),
    `usecase: CloseOrder
summary: TODO
command: { orderId: uuid }
idempotency: { key: caller }
state: { order: { table: orders, where: { id: command.orderId }, lock: no key update } }
policies: [{ permission: orders.close }]
writes: { orders: { update: [total] } }
result: {}
`,
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const usecase = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(repository, "bin/usecase.js"), ...args], { cwd, encoding: "utf8" });
  return { status, stdout, stderr };
};

test.each(forms)("%s says where things are and which rules hold; a mistake in it is told with its place", (file, write, place) => {
  try {
    writeFileSync(join(cwd, file), write("schema"));
    const { status, stdout, stderr } = usecase("lint", "--format", "compact");
    expect({ stderr, stdout, status }).toEqual({
      stderr: "",
      stdout: expect.stringMatching(/^actions\/close-order\.usecase\.yaml:2:10 error .* docs\/summary\n$/),
      status: 1,
    });
    writeFileSync(join(cwd, file), write("scema"));
    const wrong = usecase("lint");
    expect(wrong).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(`${file}${place}`) });
    expect(wrong.stderr).toContain("schema");
  } finally {
    rmSync(join(cwd, file), { force: true });
  }
});

test("two of them are one too many", () => {
  for (const [file, write] of forms.slice(0, 2)) writeFileSync(join(cwd, file), write("schema"));
  const { status, stderr } = usecase("lint");
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("usecase.config.yaml and usecase.config.json") });
});
