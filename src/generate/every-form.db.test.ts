// Generated definitions of every form of the language, executed as they are generated, on a server and embedded.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import type { PgTable } from "drizzle-orm/pg-core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodePostgres } from "../drivers/node-postgres.js";
import { pglite } from "../drivers/pglite.js";
import { createUseCaseCore, type UseCaseCore } from "../runtime/core.js";
import { guardStatements } from "../runtime/guards.js";
import type { ReadTransaction, WriteTransaction } from "../runtime/handler-database.js";
import type { Erased, ErasedHandler, Fields } from "../runtime/internals.js";
import type { Driver } from "../runtime/ports.js";
import { createRelay } from "../runtime/relay/relay.js";
import { usecaseTables } from "../runtime/tables.js";
import type { UseCase } from "../runtime/use-case.js";
import { capturingDriver } from "../testing/server/fixtures/capturing-driver.js";
import { type GeneratedProject, generatedProject } from "../testing/server/fixtures/generated-project.js";
import { createTestDatabase } from "../testing/server/test-database.js";
import { everyForm } from "./every-form.fixture.js";

let project: GeneratedProject;
beforeAll(async () => {
  project = await generatedProject(everyForm);
});
afterAll(() => project?.remove());

const load = async (path: string) => import(/* @vite-ignore */ pathToFileURL(join(project.root, path)).href);

interface Place {
  readonly driver: Driver;
  rows(text: string): Promise<readonly Fields[]>;
  close(): Promise<void>;
}

async function embedded(): Promise<Place> {
  const client = new PGlite();
  return {
    driver: pglite(client),
    // Several statements at once give the last one's rows.
    rows: async (text) => ((await client.exec(text)).at(-1)?.rows ?? []) as Fields[],
    close: () => client.close(),
  };
}

async function onServer(): Promise<Place> {
  const { url, drop } = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: url, pipeline: true, max: 4 });
  const looking = new pg.Pool({ connectionString: url, max: 2 });
  return {
    driver: nodePostgres(pool),
    rows: async (text) => (await looking.query<Fields>(text)).rows ?? [],
    async close() {
      await pool.end();
      await looking.end();
      await drop();
    },
  };
}

type Apply = NonNullable<ErasedHandler["apply"]>;
type Writes = Readonly<
  Record<string, { insert(row: Fields): Fields; upsert(row: Fields): void; update(row: unknown, changes: Fields): void }>
>;

describe.each([
  ["a server", onServer],
  ["PGlite", embedded],
])("on %s", (name, open) => {
  const id = "00000000-0000-4000-8000-000000000001";
  const sent: string[][] = [];
  const noon = new Date("2026-01-01T12:00:00Z");
  let place: Place;
  let core: UseCaseCore;
  beforeAll(async () => {
    place = await open();
    const schema = await load("src/db/schema.ts");
    const creation = await generateMigration(generateDrizzleJson({}), generateDrizzleJson({ ...usecaseTables(), ...schema }));
    for (const statement of [...creation, ...guardStatements()]) await place.rows(statement);
    await place.rows(
      "insert into records (id, tenant_id, state, title, amount, big, count, starts_at, text_time, version) " +
        `values ('${id}', 't', 'it''s fine', 'x', 1.5, 7, 2, '2020-01-01Z', '2020-01-01Z', 1)`,
    );
    core = createUseCaseCore({
      driver: capturingDriver(place.driver, sent),
      authorizer: { authorize: () => true },
      services: { pricing: { price: () => "1.00" } },
      clock: () => noon,
    });
  });
  afterAll(() => place.close());

  const bound = async (name: string, handler?: ErasedHandler): Promise<UseCase<Erased>> => {
    const { defineHandler } = await load(`src/usecases/${name}/${name}.gen.ts`);
    return defineHandler(handler);
  };
  const contextOf = (key: string) => ({ actor: { type: "user", id: "u", tenantId: "t" }, idempotencyKey: key });

  async function run(name: string, command: Fields, apply: (input: Parameters<Apply>[0], writes: Writes) => unknown) {
    const useCase = await bound(name, {
      async apply(input) {
        await apply(input, input["writes"] as Writes);
        return { result: { lines: 0 } };
      },
    });
    sent.length = 0;
    const { result, auditId } = await core.execute(useCase, command, contextOf(`${name} ${JSON.stringify(command)}`));
    expectExplained(useCase);
    const [row] = await place.rows(`select changes from usecase_audit where id::text = '${auditId}'`);
    return { result, changes: row?.["changes"] };
  }

  /** What was sent is what is explained, but for what varies from call to call. */
  function expectExplained(useCase: UseCase<Erased>) {
    const { bursts, tx } = core.explanation(useCase);
    // What such a handler sends is its own.
    if (tx !== undefined) return;
    const explained = bursts.map(({ statements }, burst) =>
      statements.map(({ sql, varies }, at) => (varies === undefined ? sql : sent[burst]?.[at])),
    );
    expect(explained).toEqual(sent);
  }

  test("ids, locks and totals", async () => {
    const { result } = await run("keep-count", { recordId: id, title: "x", flag: true }, ({ state }, { numbered, repositories }) => {
      expect(state["totals"]).toEqual({
        rows: 1,
        kinds: 0,
        total: "1.50",
        counts: 2,
        doubled: 4,
        biggest: 7n,
        first: new Date("2020-01-01Z"),
        mean: expect.stringMatching(/^1\.50*$/),
        usual: 2,
      });
      numbered?.insert({ id: state["number"], note: "n" });
      repositories?.upsert({ id: state["repositoryId"], name: "one" });
    });
    expect(result).toMatchObject({ number: 1, repositoryId: 1, total: "1.50", biggest: "7", some: 0 });
    expect(await place.rows("select id::int, note, version from numbered")).toEqual([{ id: 1, note: "n", version: 1 }]);
  });

  test("upserts", async () => {
    for (const role of ["owner", "guest"]) {
      await run("put-member", { userId: id, role }, (_, { memberships }) => memberships?.upsert({ userId: id, role, visits: 1 }));
    }
    expect(await place.rows("select tenant_id, role from memberships")).toEqual([{ tenant_id: "t", role: "guest" }]);
  });

  test("deletes by condition, of the caller's tenant only", async () => {
    await place.rows(
      "insert into records (id, tenant_id, state, title, amount, big, count, starts_at, text_time, version) " +
        "select '00000000-0000-4000-8000-000000000002', 'other', state, title, amount, big, count, starts_at, text_time, 1 from records",
    );
    const command = { title: "x", before: "2026-01-01T00:00:00Z", ids: [id], note: "l" };
    const { changes } = await run("clear-records", command, () => {});
    expect(changes).toMatchObject([
      { table: "records", where: { tenantId: "t", title: "x", NOT: { state: "calm" } }, count: 1 },
      { table: "logs", count: 0 },
    ]);
    expect(await place.rows("select tenant_id from records")).toEqual([{ tenant_id: "other" }]);
  });

  test("Drizzle over the transaction, with what is queued", async () => {
    const { logs } = (await load("src/db/schema.ts")) as { logs: PgTable };
    const { changes } = await run("patch-lines", { line: "gone", userId: id }, async (input, writes) => {
      writes["logs"]?.insert({ line: "kept" });
      const tx = input["tx"] as WriteTransaction;
      expect(await tx.select().from(logs)).toEqual([{ line: "kept" }]);
      await tx.insert(logs).values({ line: "unseen" } as never);
    });
    expect(changes).toMatchObject([
      { table: "logs", operation: "delete", count: 0 },
      { table: "logs", operation: "insert" },
    ]);
    await run("count-lines", { line: "kept" }, async (input) => {
      expect(await (input["tx"] as ReadTransaction).$count(logs)).toBe(2);
    });
  });

  describe("everything at once", () => {
    const record = "00000000-0000-4000-8000-00000000000a";
    const user = "00000000-0000-4000-8000-00000000000b";
    const command = {
      ...{ recordId: record, userId: user, amount: "0.50", at: "2026-06-01T00:00:00Z", day: "2026-01-01", big: "9", to: { street: "S" } },
      ...{ level: 1, choice: null, exactly: 7, card: { number: "4242424242424242", name: "M" } },
    };
    const apply: Apply = ({ state, ...input }) => {
      const { logs, memberships, records } = input["writes"] as Writes;
      records?.update(state["record"], { title: "new" });
      memberships?.update(state["member"], { visits: 9 });
      logs?.insert({ line: "done" });
      return {
        result: { ok: true, token: "the-token", list: [{ a: "x" }] },
        events: { Given: { a: "given", b: [1, 2] }, Many: [{ name: "one" }, { name: "two" }] },
        jobs: {},
      };
    };
    const handler: ErasedHandler = { apply, checks: { seemsRight: () => true, fits: () => true } };
    const call = async (changed: Fields = {}, own: ErasedHandler = handler) =>
      core.execute(await bound("do-everything", own), { ...command, ...changed }, contextOf("unused"));
    beforeAll(async () => {
      const columns = "id, tenant_id, state, kind, title, amount, big, count, tags, due, starts_at, text_time, version";
      await place.rows(
        `insert into records (${columns}) values ('${record}', 't', 'calm', 'calm', 'mine', 1, 1, 1, '{a,b}', null, '2026-03-01Z', '2020-01-01Z', 1), ` +
          `('${randomUUID()}', 't', 'calm', 'calm', 'other', 5.25, 9, 2, null, '2026-01-02', '2025-01-01Z', '2020-01-01Z', 1); ` +
          `insert into memberships values ('t', '${user}', 'owner', 1)`,
      );
    });

    test("loads, decides, writes, tells, and stores no secret", async () => {
      sent.length = 0;
      const answer = await call();
      expect(sent[0]?.[0]).toContain("begin isolation level serializable");
      expect(answer.result).toEqual({
        ...{ ok: true, token: "the-token", list: [{ a: "x" }], startsAt: "2026-03-01T00:00:00.000Z" },
        ...{ first: "other", kind: "calm", total: "5.25" },
      });
      expect(await place.rows(`select state, title, version::int from records where id = '${record}'`)).toEqual([
        { state: "it's fine", title: "new", version: 2 },
      ]);
      expect(
        await place.rows("select type, version, aggregateid as key, payload from usecase_outbox where not_before is null order by seq"),
      ).toMatchObject([
        { type: "Given", version: 2, key: record, payload: { a: "given", b: [1, 2] } },
        { type: "Many", version: 1, key: "one", payload: { name: "one", at: noon.toISOString() } },
        { type: "Many", version: 1, key: "two", payload: { name: "two", at: noon.toISOString() } },
        { type: "Sometimes", key: user, payload: { tags: ["a", "b"], to: { street: "S", country: "de" } } },
      ]);
      expect(
        await place.rows(
          "select type, payload, dedupe_key, (not_before at time zone 'UTC')::text as due from usecase_outbox where kind = 'job'",
        ),
      ).toEqual([{ type: "Later", payload: { id: record }, dedupe_key: record, due: "2026-02-28 23:00:00" }]);
      const [entry] = await place.rows(`select command, changes, subject_id from usecase_audit where id = '${answer.auditId}'`);
      expect(entry).toMatchObject({ subject_id: record, command: { card: { number: "[redacted]", name: "M" }, to: { country: "de" } } });
      expect(JSON.stringify(entry)).not.toContain("owner");
      const [kept] = await place.rows(
        "select scope, outcome, extract(epoch from expires_at - created_at)::int between 604790 and 604810 as week from usecase_idempotency where use_case = 'DoEverything'",
      );
      expect(kept).toMatchObject({ scope: "user:u", outcome: { ok: true }, week: true });
      expect(JSON.stringify(kept)).not.toContain("the-token");
    });

    test("its key is the record's, and its fingerprint the title alone", async () => {
      expect(await call({ amount: "0.60" })).toMatchObject({ replayed: true, result: { ok: true, token: null } });
      // A field that is left out is its default before anything is compared.
      const title = "a \"quoted\" 'title' with a \\ and `ticks`";
      expect(await call({ title })).toMatchObject({ replayed: true });
      await expect(call({ title: "other" })).rejects.toMatchObject({ code: "IdempotencyMismatch" });
    });

    test("refuses by a rule, by a check, by the machine, in the spec's order", async () => {
      const again = async (changed: Fields, own = handler) => {
        await place.rows("delete from usecase_idempotency");
        return call(changed, own).catch((error: { code: string; details: unknown }) => [error.code, error.details]);
      };
      expect(await again({}, { ...handler, checks: { seemsRight: () => false, fits: () => true } })).toEqual([
        "PolicyViolation",
        { policy: "seemsRight" },
      ]);
      const details = { count: 1, wanted: "0.5" };
      expect(await again({}, { ...handler, checks: { seemsRight: () => true, fits: () => ({ details }) } })).toEqual(["TooMuch", details]);
      expect(await again({})).toEqual(["InvalidTransition", { machine: "Mood", event: "excite", from: "it's fine" }]);
      expect(await again({ recordId: randomUUID() })).toEqual(["NotThere", undefined]);
      expect(await again({ level: 4, extra: 1 })).toMatchObject(["ValidationFailed", { violations: { length: 2 } }]);
    });

    if (name === "a server")
      test("does not wait for a row that is to be had at once or not at all", async () => {
        await place.rows(`delete from usecase_idempotency; update records set state = 'calm' where id = '${record}'`);
        await place.driver.session(async (session) => {
          await session.burst([[{ text: `begin; select 1 from memberships where user_id = '${user}' for update` }]]);
          await expect(call()).rejects.toMatchObject({ code: "LockTimeout", retryable: true });
          await session.burst([[{ text: "rollback" }]]);
        });
        await expect(call()).resolves.toMatchObject({ replayed: false });
      });
  });

  test("what is asked outside is in scope of a load, a policy, a result and an event", async () => {
    const record = randomUUID();
    await place.rows(
      "insert into records (id, tenant_id, state, title, amount, big, starts_at, text_time, version) " +
        `values ('${record}', 't', 'calm', 'quoted', 2, 1, '2026-01-01Z', '2026-01-01Z', 1)`,
    );
    const quote = { due: "2.00", to: { street: "S", country: "at" }, by: "2026-02-01T00:00:00Z", code: "private" };
    const useCase = await bound("quote-record", {
      prepare: { quote: async () => quote, rating: async () => ({}), stockFree: async () => ({ left: 1 }) },
      checks: { seemsFair: () => true },
      apply: ({ state, ...input }) => {
        (input["writes"] as Writes)["records"]?.update(state["record"], { title: "quoted again" });
        return { result: {} };
      },
    });
    const ask = (amount: string) => core.execute(useCase, { recordId: record, amount }, contextOf(randomUUID()));
    await expect(ask("1.99")).rejects.toMatchObject({ code: "TooDear", details: { due: "2.00" } });
    expect((await ask("2.50")).result).toEqual({ due: "2.00" });
    const [event] = await place.rows("select payload from usecase_outbox where type = 'RecordQuoted'");
    expect(event).toEqual({ payload: { due: "2.00", by: "2026-02-01T00:00:00Z" } });
  });

  test("queries: without a transaction or in one snapshot, of views too, and one that asks outside", async () => {
    await place.rows(
      "insert into records (id, tenant_id, state, title, amount, big, starts_at, text_time, version) " +
        `select gen_random_uuid(), 'any', 'calm', 'seen', n, 1, '2026-01-01Z', '2026-01-01Z', 1 from generate_series(1, 2) n`,
    );
    const find = await bound("find-records", {
      apply: ({ state }) => ({ result: { count: (state["records"] as unknown as unknown[]).length } }),
    });
    const found = await core.execute(find, { title: "seen" }, contextOf("unused"));
    expect(found).toEqual({
      result: { count: 2, name: null, dearest: "seen", total: "3.00" },
      replayed: false,
      auditId: null,
      attempts: 1,
    });
    const rate = await bound("ask-rating", { prepare: { rating: async () => ({ stars: 5 }) } });
    expect((await core.execute(rate, { title: "seen" }, contextOf("unused"))).result).toEqual({ stars: 5 });
  });

  test("without a key each call takes effect", async () => {
    const long = "touch-nothing-whatever-its-name-may-be-and-however-long-it-is";
    const useCase = await bound(long, {
      apply: (input) => {
        (input["writes"] as Writes)["logs"]?.insert({ line: "touched" });
        return { result: {} };
      },
    });
    for (const _ of [1, 2]) await core.execute(useCase, {}, contextOf("the same"));
    expect(await place.rows("select count(*)::int n from logs where line = 'touched'")).toEqual([{ n: 2 }]);
  });

  test("triggers make commands of events, jobs and schedules", async () => {
    const started: Fields[] = [];
    const useCase = await bound("sweep-records", {
      apply: ({ command }) => {
        started.push(command);
        return { result: {} };
      },
    });
    await place.rows(
      "delete from usecase_outbox; insert into usecase_outbox (id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id) " +
        "select gen_random_uuid(), kind, 'Thing', 'k', 1, type, version, payload::jsonb, '{}', '' from (values " +
        `('event', 'Maybe', 1, '{"title":"maybe"}'), ('event', 'Given', 2, '{"a":"A","b":[1,2,3]}'), ('event', 'Given', 1, '{"a":"old"}'), ` +
        `('job', 'Later', 1, '{"id":"${id}"}'), ('job', 'SweepAgain', 1, '{"title":"again","at":"2026-01-01T00:00:00Z"}')) m (kind, type, version, payload)`,
    );
    const options = { driver: place.driver, core, useCases: { useCase }, clock: () => noon, deliver: async () => {}, pollMs: 10 };
    await createRelay(options).drain();
    expect(started.map(({ title, batch }) => [String(title).slice(-5), batch]).sort()).toEqual(
      [
        ["00001", 10],
        ["again", 10],
        ["maybe", 10],
        [String(started.find(({ batch }) => batch === 3)?.["title"]).slice(-5), 3],
      ].sort(),
    );
    expect(String(started.find(({ batch }) => batch === 3)?.["title"])).toMatch(/^[0-9a-f-]{36}A$/);
  });
});
