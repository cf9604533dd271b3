import assert from "node:assert/strict";
import { DatabaseError } from "../../runtime/database-error.js";
import type { BurstItem, Driver } from "../../runtime/ports.js";
import { begin, commit, type DefineTest, type DriverSubject, idsOf, named, run, type SubjectUnderTest } from "./subject.js";
import { isLost, isUsable } from "./usable.js";

const callers = 8;
const connections = 4;

export function underLoad({ startServer }: DriverSubject, { use, withTable }: SubjectUnderTest, test: DefineTest): void {
  test("statements are deallocated and types changed under load: what fails has done nothing, and no answer is wrong", () =>
    withTable((table) =>
      use(
        async (driver) => {
          const change = (text: string) => driver.session((session) => session.burst([[{ text }]]));
          await change(`create type ${table}_mood as enum ('glad'); alter table ${table} add mood ${table}_mood default 'glad'`);
          const changes = [
            "deallocate all",
            `alter table ${table} alter note type varchar(50)`,
            "discard all",
            `alter table ${table} add extra integer`,
            `alter type ${table}_mood add value if not exists 'calm'`,
            `alter table ${table} alter mood type text`,
            `alter table ${table} alter note type text`,
            "deallocate all",
            `alter table ${table} drop extra`,
            `alter table ${table} alter mood drop default, alter mood type ${table}_mood using mood::${table}_mood, alter mood set default 'glad'`,
          ];
          const load = startLoad(driver, table, isSpoilt);
          for (let round = 0; round < 2 * changes.length; round++) {
            await load.atLeast(3 * (round + 1));
            await change(changes[round % changes.length] ?? "");
          }
          await load.end();
          await load.assertWhole();
          await isUsable(driver);
        },
        { connections },
      ),
    ));

  if (startServer !== undefined)
    test("the server is restarted under load: every transaction takes effect as a whole or not at all, usable afterwards", async () => {
      const server = await startServer();
      try {
        await use(
          async (driver) => {
            await driver.session((session) => run(session, "create table restarted (id integer primary key, note text, mood text)"));
            const load = startLoad(driver, "restarted", isLost);
            for (const [round, how] of (["immediate", "fast"] as const).entries()) {
              await load.atLeast(20 * (round + 1));
              await server.restart(how);
            }
            await load.atLeast(60);
            await load.end();
            await load.assertWhole("some unacknowledged");
            await isUsable(driver, connections);
          },
          { connections, url: server.url },
        );
      } finally {
        await server.stop();
      }
    });
}

/** What a statement answers whose preparation has vanished, or whose result has changed. */
const isSpoilt = (failure: unknown) =>
  failure instanceof DatabaseError && !failure.connectionLost && ["26000", "0A000"].includes(failure.sqlState ?? "");

/** Callers that insert two rows a transaction, one transaction after the other, and look at what they are answered. */
function startLoad(driver: Driver, table: string, mayFail: (failure: unknown) => boolean) {
  const acknowledged: number[] = [];
  const wrong: unknown[] = [];
  let next = 0;
  let over = false;
  let onProgress = () => {};
  const insert = (id: number): BurstItem => [
    named(`insert into ${table} (id, note) values ($1, $2) returning *`),
    [String(id), `note ${id}`],
  ];
  const call = async () => {
    while (!over) {
      const first = next;
      next += 2;
      try {
        const answers = await driver.session((session) =>
          session.burst([
            [begin],
            insert(first),
            insert(first + 1),
            [named(`select id from ${table} where id = $1`), [String(first)]],
            [commit],
          ]),
        );
        const told = answers.map(({ rows: [row] }) => row ?? []);
        const right = [first, first + 1].every((id, n) => told[n + 1]?.[0] === String(id) && told[n + 1]?.[1] === `note ${id}`);
        if (!right || told[3]?.[0] !== String(first) || answers[4]?.command !== "COMMIT") wrong.push(answers);
        acknowledged.push(first, first + 1);
        onProgress();
      } catch (failure) {
        if (!mayFail(failure)) wrong.push(failure);
        // A server that is away refuses at once.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  };
  const calls = Array.from({ length: callers }, call);
  return {
    /** Resolves when so many transactions have succeeded. */
    atLeast: (transactions: number) =>
      new Promise<void>((resolve, reject) => {
        onProgress = () => {
          if (acknowledged.length >= 2 * transactions) resolve();
          if (wrong.length > 0) reject(new Error("A wrong answer.", { cause: wrong[0] }));
        };
        onProgress();
      }),
    async end() {
      over = true;
      await Promise.all(calls);
    },
    async assertWhole(unacknowledged?: "some unacknowledged") {
      assert.deepEqual(wrong, []);
      const ids = (await idsOf(driver, table)).map(Number);
      const there = new Set(ids);
      assert.deepEqual(
        ids.filter((id) => !there.has(id % 2 === 0 ? id + 1 : id - 1)),
        [],
      );
      const known = new Set(acknowledged);
      assert.deepEqual(
        acknowledged.filter((id) => !there.has(id)),
        [],
      );
      if (unacknowledged === undefined)
        assert.deepEqual(
          ids.filter((id) => !known.has(id)),
          [],
        );
    },
  };
}
