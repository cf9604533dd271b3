import { expect, test } from "vitest";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { DatabaseError } from "./database-error.js";
import { callerError, constraintRefusal, retryReason } from "./database-failure.js";
import { internalsOf } from "./internals.js";

const errors = { Taken: { kind: "conflict" as const, message: "Taken.", constraints: ["a_key", "b_key"] } };
const { definition } = internalsOf(testUseCase({ name: "Fail", errors }));
const failure = (sqlState: string | undefined, more: object = {}) =>
  new DatabaseError("usecase: x", { sqlState, connectionLost: false, ...more });

test.each([
  ["40001", "ConcurrencyConflict", undefined],
  ["40P01", "ConcurrencyConflict", undefined],
  ["UC001", "ConcurrencyConflict", undefined],
  ["55P03", "LockTimeout", undefined],
  ["57014", "Unavailable", { outcome: "none" }],
  ["57P01", "Unavailable", { outcome: "none" }],
  ["53300", "Unavailable", { outcome: "none" }],
  ["08006", "Unavailable", { outcome: "none" }],
  ["25P03", "Unavailable", { outcome: "none" }],
])("%s is %s", (sqlState, code, details) => {
  const cause = failure(sqlState);
  expect(callerError(definition, cause, "sent")).toMatchObject({ code, details, cause });
});

test.each([
  ["sent", "unknown"],
  ["not sent", "none"],
] as const)("a lost connection, commit %s: outcome %s", (commit, outcome) => {
  for (const sqlState of [undefined, "57P01"]) {
    expect(callerError(definition, failure(sqlState, { connectionLost: true }), commit)).toMatchObject({
      code: "Unavailable",
      details: { outcome },
    });
  }
});

test.each(["42P01", "23502", "22003", "0A000"])("%s is nobody's refusal: it stays what it is", (sqlState) => {
  const error = failure(sqlState);
  expect(callerError(definition, error, "sent")).toBe(error);
  expect(constraintRefusal(definition, error)).toBeUndefined();
});

test.each([
  ["23505", "b_key", "Taken"],
  ["23505", "other_key", "ConstraintViolation"],
  ["23P01", "a_key", "Taken"],
  ["23514", "c", "ConstraintViolation"],
  ["23503", "f", "ConstraintViolation"],
  ["23001", "f", "ConstraintViolation"],
  ["23505", "usecase_outbox_pkey", undefined],
  ["23505", undefined, undefined],
  ["22003", "a_key", undefined],
])("%s of %s is %s", (sqlState, constraint, code) => {
  expect(constraintRefusal(definition, failure(sqlState, { constraint }))?.code).toBe(code);
});

test("what is run again", () => {
  expect(["40001", "40P01", "UC001", "23505", "57014", undefined].map((state) => retryReason(failure(state)))).toEqual([
    "conflict",
    "conflict",
    "conflict",
    undefined,
    undefined,
    undefined,
  ]);
  expect(retryReason(failure("26000"))).toBe("stale statements");
  expect(retryReason(failure("0A000", { cause: { routine: "RevalidateCachedQuery" } }))).toBe("stale statements");
  // What Postgres cannot do at all is not tried again.
  expect(retryReason(failure("0A000", { cause: { routine: "ExplainOneUtility" } }))).toBeUndefined();
  // Never on a dead connection.
  expect(retryReason(failure("40001", { connectionLost: true }))).toBeUndefined();
  expect(retryReason(new Error("40001"))).toBeUndefined();
});
