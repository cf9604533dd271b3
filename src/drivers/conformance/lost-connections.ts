import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { BurstItem, Driver, Session } from "../../runtime/ports.js";
import { rejectsWith } from "./failures.js";
import { begin, commit, type DefineTest, idsOf, named, run, type SubjectUnderTest } from "./subject.js";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.js";
import { isLost, isUsable } from "./usable.js";

type Kill = (pid: string) => Promise<void>;

export function lostConnections({ use, url, withTable }: SubjectUnderTest, test: DefineTest): void {
  const pidOf = async (session: Session) => (await run(session, "select pg_backend_pid()", []))[0]?.[0] ?? "";
  const signal = async (admin: Driver, function_: string, pid: string) =>
    void (await admin.session((session) => run(session, `select ${function_}($1::integer)`, [pid])));
  /** Waits until the server has ended that process, so that nothing here depends on time. */
  const killer =
    (admin: Driver): Kill =>
    async (pid) => {
      await signal(admin, "pg_terminate_backend", pid);
      await until(() =>
        admin.session(async (session) => (await run(session, "select 1 from pg_stat_activity where pid = $1", [pid])).length === 0),
      );
    };
  const sleeps = (admin: Driver, pid: string) =>
    until(() =>
      admin.session(
        async (session) =>
          (await run(session, "select 1 from pg_stat_activity where pid = $1 and wait_event = 'PgSleep'", [pid])).length === 1,
      ),
    );
  const withAdmin = (work: (driver: Driver, admin: Driver) => Promise<void>, connections = 2) =>
    use((admin) => use((driver) => work(driver, admin), { connections }), { connections: 1 });
  const insert = (table: string, id: number): BurstItem => [named(`insert into ${table} (id) values ($1)`), [String(id)]];
  const sleep: BurstItem = [named("select pg_sleep($1::integer)"), ["60"]];

  test("a back end that is ended between two bursts: the second one is lost, and nothing was written", () =>
    withTable((table) =>
      withAdmin(async (driver, admin) => {
        const work = driver.session(async (session) => {
          await session.burst([[begin], insert(table, 1)]);
          await killer(admin)(await pidOf(session));
          await session.burst([insert(table, 2), [commit]]);
        });
        await assert.rejects(work, isLost);
        await isUsable(driver);
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  test("the same, when the client has already seen the end", () =>
    withTable((table) =>
      withAdmin(async (driver, admin) => {
        const work = driver.session(async (session) => {
          await session.burst([[begin], insert(table, 1)]);
          await killer(admin)(await pidOf(session));
          await new Promise((resolve) => setTimeout(resolve, 50));
          await session.burst([insert(table, 2), [commit]]);
        });
        await assert.rejects(work, isLost);
        await isUsable(driver);
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  test("a back end that is ended during a statement", () =>
    withTable((table) =>
      withAdmin(async (driver, admin) => {
        const work = driver.session(async (session) => {
          const pid = await pidOf(session);
          const burst = session.burst([[begin], insert(table, 1), sleep, insert(table, 2), [commit]]);
          burst.catch(() => {});
          await sleeps(admin, pid);
          await killer(admin)(pid);
          await burst;
        });
        await assert.rejects(work, isLost);
        await isUsable(driver);
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  test("a cancelled statement is a failure, not a lost connection", () =>
    withAdmin(async (driver, admin) => {
      await driver.session(async (session) => {
        const pid = await pidOf(session);
        const burst = session.burst([[begin], sleep, [commit]]);
        burst.catch(() => {});
        await sleeps(admin, pid);
        await signal(admin, "pg_cancel_backend", pid);
        await rejectsWith(burst, { connectionLost: false, sqlState: "57014" });
        assert.equal(await pidOf(session), pid);
      });
    }, 1));

  test("back ends that are ended while idle are replaced", () =>
    withAdmin(async (driver, admin) => {
      const pids = await Promise.all([1, 2].map(() => driver.session(pidOf)));
      for (const pid of new Set(pids)) await killer(admin)(pid);
      await isUsable(driver, 2);
    }));

  test("an idle transaction that the server ends", () =>
    withTable((table) =>
      withAdmin(async (driver, admin) => {
        const work = driver.session(async (session) => {
          const pid = await pidOf(session);
          await session.burst([[{ text: "begin; set local idle_in_transaction_session_timeout = 20" }], insert(table, 1)]);
          await until(() =>
            admin.session(async (other) => (await run(other, "select 1 from pg_stat_activity where pid = $1", [pid])).length === 0),
          );
          await session.burst([insert(table, 2), [commit]]);
        });
        await assert.rejects(work, isLost);
        await isUsable(driver);
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  const withProxy = async (work: (driver: Driver, proxy: TcpProxy) => Promise<void>) => {
    const proxy = await startTcpProxy(url());
    try {
      await use((driver) => work(driver, proxy), { url: proxy.url });
    } finally {
      await proxy.close();
    }
  };

  for (const how of ["reset", "end"] as const) {
    test(`a connection that is cut (${how}) during a statement`, () =>
      withProxy((driver, proxy) =>
        use(async (admin) => {
          const work = driver.session(async (session) => {
            const pid = await pidOf(session);
            const burst = session.burst([[begin], sleep, [commit]]);
            burst.catch(() => {});
            await sleeps(admin, pid);
            void proxy.cut(how);
            await burst;
          });
          await assert.rejects(work, isLost);
          await isUsable(driver);
        }),
      ));

    test(`a connection that is cut (${how}) between two bursts`, () =>
      withTable((table) =>
        withProxy(async (driver, proxy) => {
          const work = driver.session(async (session) => {
            await session.burst([[begin], insert(table, 1)]);
            void proxy.cut(how);
            await session.burst([insert(table, 2), [commit]]);
          });
          await assert.rejects(work, isLost);
          await isUsable(driver);
          assert.deepEqual(await idsOf(driver, table), []);
        }),
      ));
  }

  for (const lost of ["request", "answer"] as const) {
    test(`connections that end at any moment of a transaction (the ${lost} is lost): it takes effect as a whole or not at all`, () =>
      withTable((table) =>
        withProxy(async (driver, proxy) => {
          // Connecting takes two or three turns, and what is not prepared yet one or two more.
          proxy.ration((connection) => ({ turn: 2 + (connection % 12), lost }));
          const acknowledged: number[] = [];
          for (let round = 0; round < 60; round++) {
            const first = round * 2;
            await driver
              .session(async (session) => {
                await session.burst([[begin]]);
                await session.burst([insert(table, first), insert(table, first + 1), [commit]]);
                acknowledged.push(first, first + 1);
              })
              .catch((failure: unknown) => assert.ok(isLost(failure), String(failure)));
          }
          proxy.ration(() => ({ turn: Number.POSITIVE_INFINITY, lost }));
          await isUsable(driver, 2);
          const ids = (await idsOf(driver, table)).map(Number);
          const halves = ids.filter((id) => !ids.includes(id % 2 === 0 ? id + 1 : id - 1));
          assert.deepEqual(halves, []);
          assert.deepEqual(
            acknowledged.filter((id) => !ids.includes(id)),
            [],
          );
          // Without its answer a commit may have taken place all the same; without the request it cannot have.
          if (lost === "request") assert.deepEqual(ids, acknowledged);
          else assert.ok(ids.length > acknowledged.length);
        }),
      ));
  }

  test("back ends that are ended at random, under load: no wrong answer, none missing, usable afterwards", () =>
    withAdmin(async (driver, admin) => {
      let over = false;
      const killing = (async () => {
        const random =
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() order by random() limit 1";
        while (!over) await admin.session((session) => run(session, random)).catch(() => {});
      })();
      const ask = (word: string) =>
        driver.session(async (session) => {
          const [, echo] = await session.burst([[begin], [named("select $1::text, 'echo'"), [word]], [commit]]);
          return echo?.rows[0]?.[0];
        });
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          ask(`word ${index}`).then(
            (echo) => echo === `word ${index}`,
            (failure: unknown) => isLost(failure) || String(failure),
          ),
        ),
      );
      over = true;
      await killing;
      assert.deepEqual(
        outcomes.filter((outcome) => outcome !== true),
        [],
      );
      await isUsable(driver, 4);
    }, 4));

  test("idle connections whose end the client has seen cost nobody anything", () =>
    withProxy(async (driver, proxy) => {
      await isUsable(driver);
      await proxy.cut("end");
      await new Promise((resolve) => setImmediate(resolve));
      await isUsable(driver);
    }));

  test("answers that arrive byte by byte leave no transaction open", () =>
    withTable((table) =>
      withProxy(async (driver, proxy) => {
        const failing: readonly (readonly BurstItem[])[] = [
          [[{ text: "begin; select 1 / 0" }]],
          [[begin], [named("select 1 / $1::integer"), ["0"]]],
          [[begin], insert(table, 1), [named("select 1 / $1::integer"), ["0"]], [commit]],
        ];
        await isUsable(driver);
        proxy.crumble();
        for (const items of failing) {
          await rejectsWith(
            driver.session((session) => session.burst(items)),
            { connectionLost: false, sqlState: "22012" },
          );
          await isUsable(driver);
        }
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  test("a burst that is aborted: the server cancels its statement, and nothing was written", () =>
    withTable((table) =>
      withAdmin(async (driver, admin) => {
        const abort = new AbortController();
        let pid = "";
        const work = driver.session(async (session) => {
          pid = await pidOf(session);
          await session.burst([[begin], insert(table, 1), sleep, insert(table, 2), [commit]], abort.signal);
        });
        work.catch(() => {});
        await until(async () => pid !== "");
        await sleeps(admin, pid);
        abort.abort();
        await rejectsWith(work, { connectionLost: false, sqlState: "57014" });
        await isUsable(driver);
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  test("a burst that is aborted when the server does not answer any more: the connection is lost", () =>
    withProxy(async (driver, proxy) => {
      const abort = new AbortController();
      const work = driver.session(async (session) => {
        await session.burst([[begin]]);
        proxy.stall();
        const burst = session.burst([[named("select 1")], [commit]], abort.signal);
        abort.abort();
        // What follows fails, too: nobody waits for a server that is gone.
        await burst.catch(() => session.burst([[{ text: "rollback" }]]));
      });
      await assert.rejects(work, isLost);
    }));

  test("a server that is not there", async () => {
    const nobody = createServer().listen(0, "127.0.0.1");
    await once(nobody, "listening");
    const absent = new URL(url());
    absent.port = String((nobody.address() as AddressInfo).port);
    nobody.close();
    await once(nobody, "close");
    await use(
      (driver) =>
        assert.rejects(
          driver.session((session) => run(session, "select 1")),
          isLost,
        ),
      { url: absent.href },
    );
  });

  test("a server that comes back", async () => {
    const proxy = await startTcpProxy(url());
    await use(
      async (driver) => {
        await isUsable(driver);
        proxy.refuse(true);
        await assert.rejects(async () => {
          for (let attempt = 0; attempt < 3; attempt++) await driver.session((session) => run(session, "select 1"));
        }, isLost);
        proxy.refuse(false);
        await isUsable(driver, 2);
      },
      { url: proxy.url },
    );
    await proxy.close();
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
