import assert from "node:assert/strict";
import type { SqlText } from "../../runtime/ports.js";
import { begin, commit, type DefineTest, named, run, type SubjectUnderTest } from "./subject.js";

/** Each parameter, its type, and what comes back where that differs. */
const texts: readonly (readonly [parameter: SqlText, type: string, answer?: SqlText])[] = [
  ["", "text"],
  [null, "text"],
  ["null", "text"],
  ["a'b\"c\\d\ne\t{,}$1", "text"],
  ["žluťoučký 🐎", "text"],
  ["-42", "integer"],
  ["9007199254740993", "bigint"],
  ["1.10", "numeric"],
  ["true", "boolean", "t"],
  ["false", "boolean", "f"],
  ['{"b": 1, "a": [null, "x"]}', "json"],
  ['{"b": 1, "a": [null, "x"]}', "jsonb", '{"a": [null, "x"], "b": 1}'],
  ["\\x00ff", "bytea"],
  ["2026-11-22 10:00:00.123456+00", "timestamptz"],
  ["2026-11-22", "date"],
  ['{"a,b",NULL,""}', "text[]"],
  ["{{1,2},{3,4}}", "integer[]"],
  ["018f3c5e-0000-7000-8000-000000000001", "uuid"],
  ["x".repeat(100_000), "text"],
];

export function values({ use }: SubjectUnderTest, test: DefineTest): void {
  test("parameters and columns are text or null, as Postgres writes them", () =>
    use((driver) =>
      driver.session(async (session) => {
        await session.burst([[{ text: "set timezone = 'UTC'" }]]);
        const [result] = await session.burst([
          [named(`select ${texts.map(([, type], index) => `$${index + 1}::${type}`).join(", ")}`), texts.map(([parameter]) => parameter)],
        ]);
        assert.deepEqual(result?.rows, [texts.map(([parameter, , answer]) => answer ?? parameter)]);
      }),
    ));

  test("answers come in the order of the statements, with their command", () =>
    use((driver) =>
      driver.session(async (session) => {
        const select = named("select $1::text, generate_series(1, $2::integer)");
        const results = await session.burst([
          [begin],
          [{ text: "create temporary table fleeting (id integer) on commit drop" }],
          [named("select 'no parameters'"), []],
          [select, ["a", "1"]],
          [select, ["b", "2"]],
          [named("select 1 where $1::boolean"), ["f"]],
          [commit],
        ]);
        assert.deepEqual(results, [
          { rows: [], command: "BEGIN" },
          { rows: [], command: "CREATE" },
          { rows: [["no parameters"]], command: "SELECT" },
          { rows: [["a", "1"]], command: "SELECT" },
          {
            rows: [
              ["b", "1"],
              ["b", "2"],
            ],
            command: "SELECT",
          },
          { rows: [], command: "SELECT" },
          { rows: [], command: "COMMIT" },
        ]);
      }),
    ));

  test("a statement without name may hold several commands, the last of which answers", () =>
    use((driver) =>
      driver.session(async (session) => {
        const results = await session.burst([
          [{ text: "begin; set local lock_timeout = 1234" }],
          [{ text: "select 'other', 1; select current_setting('lock_timeout'), null" }],
          [commit],
        ]);
        assert.equal(results[0]?.command, "SET");
        assert.deepEqual(results[1], { rows: [["1234ms", null]], command: "SELECT" });
      }),
    ));

  test("a statement that asks for its columns gets their names and types, also without rows; others do not", () =>
    use((driver) =>
      driver.session(async (session) => {
        const statement = named("select 1::int as one, $1::text as text, null::boolean[] as list where $1 = 'a'");
        const described = { ...statement, describe: true } as const;
        const results = await session.burst([
          [described, ["a"]],
          [described, ["b"]],
          [statement, ["a"]],
        ]);
        const columns = [
          { name: "one", type: 23 },
          { name: "text", type: 25 },
          { name: "list", type: 1000 },
        ];
        assert.deepEqual(
          results.map((result) => [result.rows.length, result.columns]),
          [
            [1, columns],
            [0, columns],
            [1, undefined],
          ],
        );
      }),
    ));

  test("a named statement is prepared once on a connection and used again, in later sessions too", () =>
    use(
      async (driver) => {
        const statement = named("select $1::text || 'prepared once'");
        for (const parameter of ["a", "b", "c"]) {
          const answer = await driver.session((session) => session.burst([[statement, [parameter]]]));
          assert.deepEqual(answer[0]?.rows, [[`${parameter}prepared once`]]);
        }
        await driver.session(async (session) => {
          await session.burst([
            [statement, ["d"]],
            [statement, ["e"]],
          ]);
          const prepared = await run(
            session,
            "select count(*), sum(generic_plans + custom_plans) from pg_prepared_statements where statement = $1",
            [statement.text],
          );
          assert.deepEqual(prepared, [["1", "5"]]);
        });
      },
      { connections: 1 },
    ));

  test("a hundred statements in one burst", () =>
    use((driver) =>
      driver.session(async (session) => {
        const statement = named("select $1::integer + 1");
        const results = await session.burst(Array.from({ length: 100 }, (_, index) => [statement, [String(index)]] as const));
        assert.deepEqual(
          results.map(({ rows }) => rows),
          Array.from({ length: 100 }, (_, index) => [[String(index + 1)]]),
        );
      }),
    ));

  test("an empty burst answers nothing", () =>
    use(async (driver) => assert.deepEqual(await driver.session((session) => session.burst([])), [])));
}
