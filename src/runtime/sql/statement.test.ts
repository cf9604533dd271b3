import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { compileStatement, namedStatement } from "./statement.js";

test("one parameter for each placeholder, however often it is mentioned", () => {
  const [a, b] = [sql.placeholder("a"), sql.placeholder("b")];
  const { statement, parameters } = compileStatement(sql`select ${b}, ${a}, ${b}, ${1}, ${a}, '$1 ''$2' as "$3"`);
  expect(statement.text).toBe(`select $1, $2, $1, $3, $2, '$1 ''$2' as "$3"`);
  expect(parameters).toEqual([{ name: "b" }, { name: "a" }, { text: "1" }]);
});

test("names are the text's own, and fit Postgres' 63 bytes", () => {
  const { name = "" } = namedStatement("select 1".padEnd(10_000, " "));
  expect(name).toMatch(/^usecase_[0-9a-f]{24}$/);
  expect(namedStatement("select 1").name).not.toBe(name);
});
