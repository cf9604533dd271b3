// What lint calls a deadlock is one on a real server, and what it proposes removes it. Definitions are generated from
// the specs; between its loads each call waits until the other has its first locks too.
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { nodePostgres } from "../../drivers/node-postgres.js";
import { createUseCaseCore } from "../../runtime/core.js";
import { DatabaseError } from "../../runtime/database-error.js";
import { isUseCaseError } from "../../runtime/is-use-case-error.js";
import type { Driver } from "../../runtime/ports.js";
import { type GeneratedProject, generatedProject } from "../../testing/server/fixtures/generated-project.js";
import { applyRuntimeTables, createTestDatabase, runStatements, type TestDatabase } from "../../testing/server/test-database.js";
import type { CaseCommand, DeadlockCase } from "./deadlock-case.fixture.js";
import { deadlocksByWrites } from "./deadlocks-by-writes.fixture.js";

const schema = `
import { index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
export const customers = pgTable("customers", {
  id: uuid().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique("customers_email"),
  visits: integer().notNull().default(0),
});
export const orders = pgTable("orders", {
  id: uuid().primaryKey(),
  customerId: uuid("customer_id").notNull().references(() => customers.id),
  parcels: integer().notNull().default(0),
}, (table) => [index("orders_customer").on(table.customerId)]);
export const favourites = pgTable("favourites", {
  id: uuid().primaryKey(),
  customerId: uuid("customer_id").notNull().references(() => customers.id),
}, (table) => [index("favourites_customer").on(table.customerId)]);
export const lines = pgTable("lines", {
  id: uuid().primaryKey(),
  orderId: uuid("order_id").notNull().references(() => orders.id, { onDelete: "cascade" }),
  quantity: integer().notNull().default(0),
}, (table) => [index("lines_order").on(table.orderId)]);
export const letters = pgTable("letters", {
  id: uuid().primaryKey(),
  email: text().notNull().references(() => customers.email),
}, (table) => [index("letters_email").on(table.email)]);
`;

const spec = (name: string, command: string, state: string, writes: string, policies = `[{ permission: a.${name.toLowerCase()} }]`) => `
usecase: ${name}
summary: What ${name} says.
command: { ${command}: uuid }
idempotency: { key: caller }
state:
${state}policies: ${policies}
writes: ${writes}
result: {}
audit: { subject: { type: Thing, id: command.${command} } }
`;

const handler = (name: string, kebab: string, body: string) => ({
  [`src/usecases/${kebab}/${kebab}.handler.ts`]: `
import { defineHandler } from "./${kebab}.gen.js";
export const ${name}Handler = defineHandler({ apply({ state, writes, newId }) { ${body} return { result: {} }; } });
`,
});

const shipOrder = handler("shipOrder", "ship-order", "writes.orders.update(state.order, { parcels: state.order.parcels + 1 });");
const addFavourite = handler(
  "shipOrder",
  "ship-order",
  "writes.orders.update(state.order, { parcels: 1 }); writes.favourites.insert({ customerId: state.order.customerId });",
);
const closeAccount = handler(
  "closeAccount",
  "close-account",
  "for (const order of state.orders) writes.orders.update(order, { parcels: order.parcels + 1 });",
);
const closeAccountSpec = (lock = "no key update") =>
  spec(
    "CloseAccount",
    "customerId",
    `  customer: { table: customers, where: { id: command.customerId }, lock: ${lock} }
  orders: { table: orders, where: { customerId: customer.id }, cardinality: many, lock: no key update }
`,
    "{ orders: { update: [parcels] } }",
  );

const cases: readonly DeadlockCase[] = [
  {
    name: "two use cases that lock in opposite orders",
    bad: {
      "specs/ship-order.usecase.yaml": spec(
        "ShipOrder",
        "orderId",
        `  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  customer: { table: customers, where: { id: order.customerId }, lock: no key update }
`,
        "{ orders: { update: [parcels] } }",
      ),
      "specs/close-account.usecase.yaml": closeAccountSpec(),
      ...shipOrder,
      ...closeAccount,
    },
    good: {
      "specs/ship-order.usecase.yaml": spec(
        "ShipOrder",
        "orderId",
        `  orderFound: { table: orders, where: { id: command.orderId } }
  order: { table: orders, where: { id: orderFound.id }, lock: no key update }
  customer: { table: customers, where: { id: orderFound.customerId }, lock: no key update }
`,
        "{ orders: { update: [parcels] } }",
        "[{ rule: order.customerId == customer.id }]",
      ),
      "specs/close-account.usecase.yaml": closeAccountSpec(),
      ...shipOrder,
      ...closeAccount,
    },
    calls: [
      ["shipOrder", "orderId"],
      ["closeAccount", "customerId"],
    ],
    found:
      "specs/ship-order.usecase.yaml:8 lock/order-cycle Two calls can wait for each other: CloseAccount locks customers before orders, ShipOrder locks orders before customers.",
    related: [
      "specs/close-account.usecase.yaml:7 CloseAccount locks customers (customer)",
      "specs/close-account.usecase.yaml:8 and while it holds that, locks orders (orders)",
      "specs/ship-order.usecase.yaml:7 ShipOrder locks orders (order)",
      "specs/ship-order.usecase.yaml:8 and while it holds that, locks customers (customer)",
    ],
    help: /^In specs\/ship-order.usecase.yaml, find order without a lock first, as orderFound, and let customer read orderFound; then load order by `where: { id: orderFound.id }` with its lock\./,
  },
  {
    name: "an insert that refers to a row locked `update`",
    bad: {
      "specs/ship-order.usecase.yaml": spec(
        "ShipOrder",
        "orderId",
        "  order: { table: orders, where: { id: command.orderId }, lock: no key update }\n",
        "{ orders: { update: [parcels] }, favourites: [insert] }",
      ),
      "specs/close-account.usecase.yaml": closeAccountSpec("update"),
      ...addFavourite,
      ...closeAccount,
    },
    good: {
      "specs/ship-order.usecase.yaml": spec(
        "ShipOrder",
        "orderId",
        "  order: { table: orders, where: { id: command.orderId }, lock: no key update }\n",
        "{ orders: { update: [parcels] }, favourites: [insert] }",
      ),
      "specs/close-account.usecase.yaml": closeAccountSpec("no key update"),
      ...addFavourite,
      ...closeAccount,
    },
    calls: [
      ["shipOrder", "orderId"],
      ["closeAccount", "customerId"],
    ],
    found:
      "specs/close-account.usecase.yaml:7 lock/foreign-key Two calls can wait for each other: CloseAccount locks customers before orders, ShipOrder locks orders before customers.",
    related: [
      "specs/close-account.usecase.yaml:7 CloseAccount locks customers (customer)",
      "specs/close-account.usecase.yaml:8 and while it holds that, locks orders (orders)",
      "specs/ship-order.usecase.yaml:7 ShipOrder locks orders (order)",
      "specs/ship-order.usecase.yaml:9 and while it holds that, refers to customers from favourites",
    ],
    help: /^In specs\/close-account.usecase.yaml, `no key update` is enough for state.customer.lock/,
  },
  {
    name: "a row locked `share` and then written",
    bad: {
      "specs/ship-order.usecase.yaml": spec(
        "ShipOrder",
        "orderId",
        "  order: { table: orders, where: { id: command.orderId }, lock: share }\n",
        "{ orders: { update: [parcels] } }",
      ),
      ...shipOrder,
    },
    good: {
      "specs/ship-order.usecase.yaml": spec(
        "ShipOrder",
        "orderId",
        "  order: { table: orders, where: { id: command.orderId }, lock: no key update }\n",
        "{ orders: { update: [parcels] } }",
      ),
      ...shipOrder,
    },
    calls: [
      ["shipOrder", "orderId"],
      ["shipOrder", "orderId"],
    ],
    found:
      "specs/ship-order.usecase.yaml:7 lock/upgrade ShipOrder locks orders (order) `share`, and then updates orders: two calls that share a row wait for each other.",
    related: ["specs/ship-order.usecase.yaml:9 updates orders"],
    help: /^Lock order with `no key update` from the start\.$/,
  },
];

let database: TestDatabase;
let pool: pg.Pool;
/** Beside it, because the calls may have all that is in the pool. */
let watcher: pg.Pool;
const projects: GeneratedProject[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  await applyRuntimeTables(database.url);
  const project = await generatedProject({ "schema.ts": schema });
  projects.push(project);
  const creation = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(await project.tables()));
  const name = new URL(database.url).pathname.slice(1);
  // Postgres looks for a deadlock after this long; the default is a second.
  await runStatements(database.url, [...creation, `alter database ${name} set deadlock_timeout = '30ms'`]);
  pool = new pg.Pool({ connectionString: database.url, pipeline: true, max: 12 });
  watcher = new pg.Pool({ connectionString: database.url, max: 1 });
});
afterEach(() => {
  for (const project of projects.splice(1)) project.remove();
});
afterAll(async () => {
  for (const project of projects) project.remove();
  await pool.end();
  await watcher.end();
  await database.drop();
});

/** Runs the calls at once, each `copies` times, `rounds` times; how often Postgres ended a deadlock. */
async function deadlocks(example: DeadlockCase, project: GeneratedProject, rounds: number, copies = 1): Promise<number> {
  const calls = Array.from({ length: copies }, () => example.calls).flat();
  let count = 0;
  let meet = meeting(calls.length);
  let open = 0;
  const inner = nodePostgres(pool);
  const driver = (isLate: boolean): Driver => ({
    ...inner,
    session: (work) =>
      inner.session((session) => {
        let bursts = 0;
        return work({
          async burst(items) {
            // Whoever has taken its first locks waits until all have, or wait for locks themselves.
            if (++bursts === 2) {
              await meet();
              if (isLate) await anyWait(() => open === 1);
            }
            return session.burst(items).catch((error: unknown) => {
              if (error instanceof DatabaseError && error.sqlState === "40P01") count++;
              throw error;
            });
          },
        });
      }),
  });
  const running = await Promise.all(
    calls.map(async ([name, ...fields], index) => {
      const isLate = example.lastComesLate === true && index % example.calls.length === example.calls.length - 1;
      const core = createUseCaseCore({ driver: driver(isLate), authorizer: { authorize: () => true } });
      return { core, useCase: await project.useCase(name), fields };
    }),
  );
  for (let round = 0; round < rounds; round++) {
    meet = meeting(calls.length);
    open = calls.length;
    const ids = { customerId: randomUUID(), orderId: randomUUID(), lineId: randomUUID(), letterId: randomUUID() };
    const command: CaseCommand = { ...ids, email: `${ids.customerId}@example.com` };
    await pool.query("insert into customers (id, name, email) values ($1, 'c', $2)", [command.customerId, command.email]);
    await pool.query("insert into orders (id, customer_id) values ($1, $2)", [command.orderId, command.customerId]);
    await pool.query("insert into lines (id, order_id) values ($1, $2)", [command.lineId, command.orderId]);
    await pool.query("insert into letters (id, email) values ($1, $2)", [command.letterId, command.email]);
    await Promise.all(
      running.map(({ core, useCase, fields }) =>
        core
          .execute(useCase, Object.fromEntries(fields.map((field) => [field, command[field]])), {
            actor: { type: "user", id: "u-1", tenantId: "t-1", roles: [] },
            idempotencyKey: randomUUID(),
          })
          .catch((error: unknown) => {
            if (!isUseCaseError(error) || !(example.refusals ?? []).includes(error.code)) throw error;
          })
          .finally(() => {
            open--;
          }),
      ),
    );
  }
  return count;
}

/** Until somebody waits for a lock, or there is no need to; a generous while at most. */
async function anyWait(isOver: () => boolean): Promise<void> {
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  for (let tries = 0; tries < 500 && !isOver() && (await watcher.query(waiting)).rows.length === 0; tries++) await setTimeout(10);
}

/** Resolves for all when so many have come, or some cannot come because they wait for a lock. */
function meeting(size: number): () => Promise<void> {
  let arrived = 0;
  let all: Promise<void> | undefined;
  return () => {
    arrived++;
    all ??= anyWait(() => arrived === size);
    return all;
  };
}

/** Everything but that the key of an event has no row, which is about another thing. */
const told = ({ findings }: GeneratedProject) => findings.filter(({ ruleId }) => ruleId !== "event/unserialised-key");
const shown = (project: GeneratedProject) => told(project).map(({ file, line, ruleId, message }) => `${file}:${line} ${ruleId} ${message}`);

describe.each([...cases, ...deadlocksByWrites])("$name", (example) => {
  const { bad, good, found, related, help } = example;

  test("is one finding that names every place, and ends in 40P01", async () => {
    const project = await generatedProject({ "schema.ts": schema, ...bad });
    projects.push(project);
    expect(shown(project)).toEqual([found]);
    expect(told(project)[0]?.related.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual(related);
    expect(told(project)[0]?.help).toMatch(help);
    expect(await deadlocks(example, project, 5)).toBeGreaterThanOrEqual(5);
  });

  test("is gone with what the finding proposes", async () => {
    const project = await generatedProject({ "schema.ts": schema, ...good });
    projects.push(project);
    expect(shown(project)).toEqual([]);
    expect(await deadlocks(example, project, 5)).toBe(0);
    expect(await deadlocks(example, project, 3, 6)).toBe(0);
  });
});
