import assert from "node:assert/strict";
import { DatabaseError } from "../../runtime/database-error.js";
import type { BurstItem, Session, SqlText } from "../../runtime/ports.js";
import { begin, commit, type DefineTest, idsOf, named, run, type SubjectUnderTest } from "./subject.js";

/** Waits for a `DatabaseError` with these properties. */
export async function rejectsWith(promise: Promise<unknown>, expected: Partial<DatabaseError>): Promise<void> {
  const failure = await promise.then(
    () => assert.fail("It should have failed."),
    (reason: unknown) => reason,
  );
  assert.ok(failure instanceof DatabaseError, `not a DatabaseError: ${failure}`);
  const { sqlState, constraint, table, connectionLost } = failure;
  assert.deepEqual({ connectionLost, sqlState, ...(constraint && { constraint }), ...(table && { table }) }, expected, failure.message);
}

export function failures({ use, withTable }: SubjectUnderTest, test: DefineTest): void {
  const insert = (table: string, id: number, note: SqlText = null): BurstItem => [
    named(`insert into ${table} (id, note) values ($1, $2)`),
    [String(id), note],
  ];
  const isUsable = async (session: Session) => assert.deepEqual(await run(session, "select $1::text", ["usable"]), [["usable"]]);

  test("the first failure of a burst is reported, with its constraint, and all of the transaction is undone", () =>
    withTable((table) =>
      use(async (driver) => {
        await driver.session(async (session) => {
          const burst = session.burst([
            [begin],
            insert(table, 1, "same"),
            insert(table, 2, "same"),
            [named(`select nonsense from ${table}`), []],
            insert(table, 3),
            [commit],
          ]);
          await rejectsWith(burst, { connectionLost: false, sqlState: "23505", constraint: `${table}_note`, table });
          await isUsable(session);
        });
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  test("a COMMIT after a failure answers ROLLBACK", () =>
    withTable((table) =>
      use(async (driver) => {
        await driver.session(async (session) => {
          await rejectsWith(session.burst([[begin], insert(table, 1), [named("select 1 / $1::integer"), ["0"]]]), {
            connectionLost: false,
            sqlState: "22012",
          });
          assert.equal((await session.burst([[commit]]))[0]?.command, "ROLLBACK");
          await isUsable(session);
        });
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  test("a deferred constraint's failure arrives at COMMIT", () =>
    withTable((table) =>
      use(async (driver) => {
        const orphan: BurstItem = [named(`insert into ${table} (id, parent) values ($1, $2)`), ["1", "99"]];
        const expected = { connectionLost: false, sqlState: "23503", constraint: `${table}_parent`, table };
        await rejectsWith(
          driver.session((session) => session.burst([[begin], orphan, [commit]])),
          expected,
        );
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  test("a statement that could not be prepared can be, later", () =>
    use(
      async (driver) => {
        const select: BurstItem = [named("select id from made_later where id = $1"), ["1"]];
        for (const _ of [1, 2]) {
          await rejectsWith(
            driver.session((session) => session.burst([[begin], select, [named("select 'after it'"), []], [commit]])),
            { connectionLost: false, sqlState: "42P01" },
          );
        }
        await driver.session(async (session) => {
          await run(session, "create table made_later (id integer)");
          assert.deepEqual((await session.burst([select]))[0]?.rows, []);
          await run(session, "drop table made_later");
        });
      },
      { connections: 1 },
    ));

  test("what the work throws passes unchanged, and what it had begun is undone", () =>
    withTable((table) =>
      use(
        async (driver) => {
          const own = new Error("of the work");
          const throwing = (way: (session: Session) => Promise<unknown>) =>
            assert.rejects(
              driver.session(async (session) => {
                await way(session);
                throw own;
              }),
              (failure) => failure === own,
            );
          const ways: readonly ((session: Session) => Promise<unknown>)[] = [
            (session) => session.burst([[begin], insert(table, 1)]),
            (session) => session.burst([[{ text: `begin; insert into ${table} (id) values (2)` }]]),
            (session) => session.burst([[{ text: `begin; insert into ${table} (id) values (3); select 1 / 0` }]]).catch(() => {}),
            (session) => session.burst([[begin], insert(table, 4), [{ text: "savepoint s" }], [{ text: "rollback to savepoint s" }]]),
            async (session) => void session.burst([[begin], insert(table, 5)]),
          ];
          const connection = () => driver.session((session) => run(session, "select pg_backend_pid()", []));
          const before = await connection();
          for (const [index, way] of ways.entries()) {
            await throwing(way);
            // Outside of any transaction this lasts, although the session ends badly.
            await throwing((session) => session.burst([insert(table, 10 + index)]));
          }
          assert.deepEqual(await idsOf(driver, table), ["10", "11", "12", "13", "14"]);
          assert.deepEqual(await connection(), before);
        },
        { connections: 1 },
      ),
    ));

  test("what cannot be sent fails before anything is sent", () =>
    withTable((table) =>
      use(async (driver) => {
        const wrong: readonly BurstItem[] = [
          [named("select $1::text"), [undefined as unknown as null]],
          [named("select $1::text"), [1 as unknown as null]],
          [named(`select ${"$1::text, ".repeat(10)} 1`), Array.from({ length: 70_000 }, () => "")],
          [{ text: "select 1" }, ["a parameter"]],
          [{ name: "select $1::text", text: "select $1::integer" }, ["1"]],
        ];
        await driver.session((session) => session.burst([[named("select $1::text"), ["known"]]]));
        for (const item of wrong) {
          await assert.rejects(
            driver.session((session) => session.burst([[begin], insert(table, 1), item, [commit]])),
            (failure) => failure instanceof TypeError || failure instanceof RangeError,
          );
        }
        assert.deepEqual(await idsOf(driver, table), []);
      }),
    ));

  // A pooler or `discard all` takes prepared statements away; a migration changes what they return.
  const spoil: readonly (readonly [what: string, spoil: (table: string) => string])[] = [
    ["prepared statements vanish", () => "deallocate all"],
    ["a prepared statement's result changes its type", (table) => `alter table ${table} alter column note type varchar(50)`],
  ];
  for (const [what, command] of spoil) {
    test(`${what}: either all of a burst takes effect or nothing, and the next session works`, () =>
      withTable((table) =>
        use(
          async (driver) => {
            const write = (id: number): BurstItem => [named(`insert into ${table} (id) values ($1) returning *`), [String(id)]];
            const ids = Array.from({ length: 120 }, (_, index) => index);
            await driver.session((session) => session.burst([[begin], write(-1), [commit]]));
            const committed = await driver.session(async (session) => {
              await session.burst([[{ text: command(table) }]]);
              // What needs no preparing is not spoilt: it must share the others' fate.
              return session.burst([[begin], [{ text: `insert into ${table} (id) values (-2)` }], ...ids.map(write), [commit]]).then(
                (results) => results.at(-1)?.command === "COMMIT",
                () => false,
              );
            });
            const expected = (committed ? [-2, -1, ...ids] : [-1]).map(String);
            assert.deepEqual(await idsOf(driver, table), expected);
            await driver.session((session) => session.burst([[begin], write(1000), [commit]]));
            assert.deepEqual(await idsOf(driver, table), [...expected, "1000"]);
          },
          { connections: 1 },
        ),
      ));
  }
}
