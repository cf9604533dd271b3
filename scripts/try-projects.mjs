// Packs the package and walks a newcomer's way with real commands, in three kinds of projects: from `usecase init` to a
// committed row in PGlite. Beside `try-package.mjs`, which looks at the package itself.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const scratch = mkdtempSync(join(tmpdir(), "usecasecore-projects-"));
// What this repository's own run sets must not reach the projects.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^GITHUB_|^INIT_CWD$/.test(name)));
const run = (cwd, command, ...args) => {
  console.log(`  $ ${[command, ...args].join(" ")}`);
  return execFileSync(command, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8", timeout: 300_000 });
};
const write = (folder, files) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof text === "string" ? text : `${JSON.stringify(text, undefined, 2)}\n`);
  }
};
const expect = (holds, what) => {
  if (!holds) throw new Error(`Not so: ${what}`);
};

const schema = `import { integer, pgTable, text, uuid } from "drizzle-orm/pg-core";

export const tickets = pgTable("tickets", {
  id: uuid().primaryKey(),
  title: text().notNull(),
  priority: integer().notNull().default(0),
});
`;
const drizzleConfig = (path) => `import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "postgresql", driver: "pglite", schema: "./${path}", out: "./drizzle", dbCredentials: { url: "./data" } });
`;
const compiler = {
  compilerOptions: {
    module: "nodenext",
    target: "es2023",
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  },
  include: ["src"],
};
const scripts = { types: "tsc --noEmit" };
const handler = `import { type ChangeTicketOutcome, defineHandler } from "./change-ticket.gen.js";

export const changeTicketHandler = defineHandler({
  apply({ state: { ticket }, writes }): ChangeTicketOutcome {
    writes.tickets.update(ticket, { priority: ticket.priority + 1 });
    return {};
  },
});
`;
const core = `import { PGlite } from "@electric-sql/pglite";
import { createUseCaseCore } from "usecasecore";
import { pglite } from "usecasecore/drivers/pglite";

export const database = new PGlite("./data");
export const core = createUseCaseCore({ driver: pglite(database), authorizer: { authorize: () => true } });
export const ticketId = "00000000-0000-4000-8000-000000000001";
await database.query("insert into tickets (id, title) values ($1, 'first')", [ticketId]);
export async function report(): Promise<void> {
  const { rows } = await database.query("select t.title, t.priority, a.action, a.outcome from tickets t, usecase_audit a");
  console.log(JSON.stringify(rows));
  await database.close();
}
`;
const main = `import { core, report, ticketId } from "./core.js";
import { changeTicket } from "./usecases/index.gen.js";

await core.execute(changeTicket, { ticketId }, { actor: { type: "user", id: "u-1" }, idempotencyKey: "one" });
await report();
`;
const server = `import fastify from "fastify";
import { core, report, ticketId } from "./core.js";
import { changeTicket } from "./usecases/index.gen.js";

const app = fastify();
app.post<{ Params: { id: string } }>("/tickets/:id/change", async (request, reply) => {
  const context = { actor: { type: "user", id: "u-1" }, idempotencyKey: String(request.headers["idempotency-key"]) };
  const outcome = await core.tryExecute(changeTicket, { ticketId: request.params.id }, context);
  return outcome.ok ? outcome.result : reply.code(409).send(outcome.error);
});
const headers = { "idempotency-key": "one" };
const { statusCode } = await app.inject({ method: "POST", url: \`/tickets/\${ticketId}/change\`, headers });
if (statusCode !== 200) throw new Error(\`answered \${statusCode}\`);
await app.close();
await report();
`;

const tarball = join(
  scratch,
  run(root, "npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", scratch).trim().split("\n").at(-1),
);
const dependencies = {
  usecasecore: `file:${tarball}`,
  "drizzle-orm": devDependencies["drizzle-orm"],
  "@electric-sql/pglite": devDependencies["@electric-sql/pglite"],
};
const tools = Object.fromEntries(
  ["drizzle-kit", "tsx", "typescript", "vitest", "@types/node"].map((name) => [name, devDependencies[name]]),
);

/** From `init` to a committed row, in the folder of a package whose dependencies are installed. */
function walk(folder, { schemaPath, start }) {
  const usecase = (...args) => run(folder, "npx", "usecase", ...args);
  expect(usecase("init", "--dry-run").includes("+++ b/usecase.config.yaml"), "the dry run shows the configuration");
  expect(!existsSync(join(folder, "usecase.config.yaml")), "a dry run writes nothing");
  console.log(usecase("init", "--yes").trimEnd());
  expect(readFileSync(join(folder, "usecase.config.yaml"), "utf8").includes(`schema: ${schemaPath}\n`), "the schema is found");
  const again = usecase("init", "--yes");
  expect(!/created|updated/.test(again), "a second init changes nothing");
  usecase("lint", "--max-warnings", "0");
  run(folder, "npx", "drizzle-kit", "generate", "--name", "own");
  usecase("generate");
  run(folder, "npm", "run", "--silent", "types");
  run(folder, "npx", "vitest", "run");
  write(folder, { "src/usecases/change-ticket/change-ticket.handler.ts": handler });
  run(folder, "npm", "run", "--silent", "usecase:check");
  expect(run(folder, "npx", "drizzle-kit", "generate").includes("No schema changes"), "drizzle-kit sees no change");
  run(folder, "npx", "drizzle-kit", "migrate");
  run(folder, "npm", "run", "--silent", "types");
  expect(usecase("explain", "ChangeTicket").includes("round trips  2"), "explain tells of two round trips");
  const row = run(folder, "npx", "tsx", start).trim();
  console.log(`  ${row}`);
  expect(row === '[{"title":"first","priority":1,"action":"change-ticket","outcome":"committed"}]', "the row is committed and audited");
}

try {
  console.log("a fresh Node project");
  const plain = join(scratch, "plain");
  write(plain, {
    "package.json": { name: "plain", private: true, type: "module", scripts, dependencies, devDependencies: tools },
    "tsconfig.json": compiler,
    "src/db/schema.ts": schema,
    "drizzle.config.ts": drizzleConfig("src/db/schema.ts"),
    "src/core.ts": core,
    "src/main.ts": main,
  });
  run(plain, "git", "init", "--quiet");
  run(plain, "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefer-offline");
  walk(plain, { schemaPath: "src/db/schema.ts", start: "src/main.ts" });

  console.log("a Fastify project, with settings of its own");
  const fastify = join(scratch, "fastify");
  write(fastify, {
    "package.json": {
      name: "shop",
      private: true,
      type: "module",
      scripts: { ...scripts, dev: "tsx watch src/server.ts" },
      dependencies: { ...dependencies, fastify: "^5.6.0" },
      devDependencies: tools,
    },
    "tsconfig.json": compiler,
    "src/database/tables.ts": schema,
    "drizzle.config.ts": drizzleConfig("src/database/tables.ts"),
    ".vscode/settings.json": '{\n  // Ours.\n  "editor.formatOnSave": true,\n}\n',
    "src/core.ts": core,
    "src/server.ts": server,
  });
  run(fastify, "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefer-offline");
  walk(fastify, { schemaPath: "src/database/tables.ts", start: "src/server.ts" });
  const settings = readFileSync(join(fastify, ".vscode/settings.json"), "utf8");
  expect(settings.includes("// Ours.") && settings.includes('"yaml.schemas"'), "the editor's settings are kept, and have the schemas");

  console.log("a package of a workspace");
  const monorepo = join(scratch, "monorepo");
  const shop = join(monorepo, "packages/shop");
  write(monorepo, {
    "package.json": { name: "monorepo", private: true, workspaces: ["packages/*"], devDependencies: tools },
    "packages/shop/package.json": { name: "@monorepo/shop", private: true, type: "module", scripts, dependencies },
    "packages/shop/tsconfig.json": compiler,
    "packages/shop/src/schema.ts": schema,
    "packages/shop/drizzle.config.ts": drizzleConfig("src/schema.ts"),
    "packages/shop/src/core.ts": core,
    "packages/shop/src/main.ts": main,
  });
  run(monorepo, "git", "init", "--quiet");
  run(monorepo, "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefer-offline");
  walk(shop, { schemaPath: "src/schema.ts", start: "src/main.ts" });
  const workflow = readFileSync(join(monorepo, ".github/workflows/usecase-packages-shop.yml"), "utf8");
  expect(workflow.includes('working-directory: "packages/shop"'), "the workflow of the repository runs in the package");
  const spec = readFileSync(join(shop, "specs/change-ticket.usecase.yaml"), "utf8");
  const [, schemaUrl] = /\$schema=(\S+)/.exec(spec) ?? [];
  expect(existsSync(join(shop, "specs", schemaUrl)), "the spec names a JSON Schema that is there");
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
