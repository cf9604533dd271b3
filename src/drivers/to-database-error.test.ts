import { expect, test } from "vitest";
import { DatabaseError } from "../runtime/database-error.js";
import { isReusable, toDatabaseError } from "./to-database-error.js";

const failure = (properties: object) => Object.assign(new Error("message"), properties);
const server = (code: string, more: object = {}) => failure({ severity: "ERROR", code, ...more });

test.each<[string, unknown, { sqlState?: string; connectionLost: boolean; reusable: boolean }]>([
  ["a constraint", server("23505"), { sqlState: "23505", connectionLost: false, reusable: true }],
  ["a conflict", server("40001"), { sqlState: "40001", connectionLost: false, reusable: true }],
  ["a state of our own", server("UC001"), { sqlState: "UC001", connectionLost: false, reusable: true }],
  ["a cancelled statement", server("57014"), { sqlState: "57014", connectionLost: false, reusable: true }],
  ["a lost prepared statement", server("26000"), { sqlState: "26000", connectionLost: false, reusable: false }],
  ["a changed result", server("0A000"), { sqlState: "0A000", connectionLost: false, reusable: false }],
  ["an administrator", failure({ severity: "FATAL", code: "57P01" }), { sqlState: "57P01", connectionLost: true, reusable: false }],
  ["a crash", server("57P02"), { sqlState: "57P02", connectionLost: true, reusable: false }],
  ["a start", server("57P03"), { sqlState: "57P03", connectionLost: true, reusable: false }],
  ["an idle transaction", failure({ severity: "FATAL", code: "25P03" }), { sqlState: "25P03", connectionLost: true, reusable: false }],
  ["a transaction too long", server("25P04"), { sqlState: "25P04", connectionLost: true, reusable: false }],
  ["a connection's failure", server("08006"), { sqlState: "08006", connectionLost: true, reusable: false }],
  ["too many clients", failure({ severity: "FATAL", code: "53300" }), { sqlState: "53300", connectionLost: true, reusable: false }],
  ["a reset socket", failure({ code: "ECONNRESET" }), { connectionLost: true, reusable: false }],
  ["a broken pipe, whose code looks like an SQLSTATE", failure({ code: "EPIPE" }), { connectionLost: true, reusable: false }],
  ["postgres.js's own code", failure({ code: "CONNECTION_CLOSED" }), { connectionLost: true, reusable: false }],
  ["an end without a code", new Error("message"), { connectionLost: true, reusable: false }],
  ["what is no Error at all", "gone", { connectionLost: true, reusable: false }],
])("%s", (_, cause, { sqlState, connectionLost, reusable }) => {
  const error = toDatabaseError(cause);
  expect(error).toBeInstanceOf(DatabaseError);
  expect({ sqlState: error.sqlState, connectionLost: error.connectionLost, cause: error.cause }).toEqual({
    sqlState,
    connectionLost,
    cause,
  });
  expect(error.message).toBe(cause instanceof Error ? "message" : "gone");
  expect(isReusable(error)).toBe(reusable);
  expect(toDatabaseError(error)).toBe(error);
});

test.each([
  ["pg", { constraint: "c", table: "t" }],
  ["postgres.js", { constraint_name: "c", table_name: "t" }],
])("the constraint and the table, by %s's names", (_, names) => {
  expect(toDatabaseError(server("23514", names))).toMatchObject({ constraint: "c", table: "t" });
});
