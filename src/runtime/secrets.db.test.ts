// What the spec calls secret is in none of the runtime's own tables, whatever became of the call and wherever its
// handler has put it.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { noon } from "../testing/server/fixtures/stock.js";
import { movementsRepository, ordersRepository, settingsRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import type { ErasedHandler, ErasedScope } from "./internals.js";
import { createRelay } from "./relay/relay.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase();
  core = createUseCaseCore({ driver: database.driver, clock: () => noon });
});
afterAll(() => database.close());

/** Everything that the runtime has stored, as text; that of one tenant, or all. */
async function stored(tenant = ""): Promise<string> {
  const own = await database.rows<{ name: string }>("select tablename as name from pg_tables where tablename like 'usecase_%'");
  const texts = await Promise.all(own.map(({ name }) => database.rows<{ row: string }>(`select t::text as row from ${name} t`)));
  return texts
    .flat()
    .filter(({ row }) => row.includes(tenant))
    .map(({ row }) => row)
    .join("\n");
}

type Writes = Readonly<Record<string, { insert(row: object): { id: string } }>>;

/** A use case that may do with its secrets what it likes. */
const careless = (apply: ErasedHandler["apply"], checks?: ErasedHandler["checks"]) =>
  testUseCase(
    {
      name: "Careless",
      secretFields: ["pin", "card"],
      secretResult: ["token"],
      idempotency: { key: "caller", scope: "tenant", retentionSeconds: 60, refusals: "remember" },
      policies: checks === undefined ? [] : [{ check: "allowed", error: "Wrong" }],
      writes: {
        orders: { into: ordersRepository, insert: true },
        movements: { into: movementsRepository, insert: true },
      },
      deletes: {
        settings: {
          from: settingsRepository,
          where: { tenantId: ({ actor }: ErasedScope) => actor.tenantId, value: ({ command }: ErasedScope) => command["pin"] } as never,
        },
      },
      errors: {
        Wrong: { kind: "conflict", message: "Wrong." },
        Taken: { kind: "conflict", message: "Taken.", constraints: ["orders_number_unique"] },
      },
      events: {
        Noted: { version: 1, key: ({ command }) => String(command["id"]), given: [], computed: { id: ({ command }) => command["id"] } },
      },
    },
    apply,
    checks,
  );

const secrets = ["pin-8203", "4242-4242-4242-4242", "VERY-PRIVATE", "the-token"] as const;
const [pin, number, note, token] = secrets;

const writing: ErasedHandler["apply"] = ({ command, ...input }) => {
  const { orders, movements } = input["writes"] as Writes;
  orders?.insert({ orderNumber: command["id"], secretNote: note });
  // Nobody has called this column secret.
  movements?.insert({ sku: "A", quantity: 1, note: command["pin"] });
  return { result: { token }, events: { Noted: {} } };
};

test.each<[string, "done" | "Wrong" | "Taken", ErasedHandler["apply"], ErasedHandler["checks"]?]>([
  ["a call that succeeds", "done", writing],
  ["one whose check fails and tells", "Wrong", writing, { allowed: ({ command }) => ({ details: { given: [command["pin"]] } }) }],
  [
    "one whose handler rejects and tells",
    "Wrong",
    ({ command, ...input }) => (input["reject"] as (code: string, details: object) => never)("Wrong", { card: command["card"] }),
  ],
  [
    "one that the database refuses",
    "Taken",
    (input) => {
      const { orders } = input["writes"] as Writes;
      for (const _ of [1, 2]) orders?.insert({ orderNumber: input.command["id"], secretNote: note });
      return { result: { token }, events: { Noted: {} } };
    },
  ],
])("%s leaves none", async (_, outcome, apply, checks) => {
  const id = randomUUID();
  const actor = { type: "user", id: "u-1", tenantId: id, claims: { pin } };
  const context = { actor, idempotencyKey: randomUUID(), correlationId: id };
  const command = { id, pin, card: { number, holder: "M" } };
  const useCase = careless(apply, checks);
  const once = () => core.tryExecute(useCase, command, context);
  const answers = [await once(), await once()];
  expect(answers.map((answer) => (answer.ok ? "done" : answer.error.code))).toEqual([outcome, outcome]);
  // What is written goes where it belongs; it is only not told elsewhere.
  if (outcome === "done") {
    expect(answers[0]).toMatchObject({ result: { token } });
    expect(
      await database.rows("select note, secret_note from movements m join orders o using (tenant_id) where tenant_id = $1", [id]),
    ).toEqual([{ note: pin, secret_note: note }]);
  }
  const everything = await stored(id);
  expect(everything).toContain("Careless");
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
  expect(JSON.stringify(answers[1])).not.toContain(pin);
});

test("neither does a message that is given up", async () => {
  const relay = createRelay({ driver: database.driver, maxAttempts: 1, deliver: () => Promise.reject(new Error("no")) });
  await relay.drain();
  const dead = await database.rows("select headers from usecase_outbox_dead");
  expect(dead.length).toBeGreaterThan(0);
  const everything = await stored();
  expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
});
