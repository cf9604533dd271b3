import { type BuiltInCode, builtInErrors } from "../errors.js";
import { type Definition, type ErasedLoad, type ErasedPolicy, repositoryOf } from "../internals.js";
import { isEarly } from "../policies.js";
import type { ExplainedRefusal } from "./explanation.js";

type Found = readonly [code: string, when: string];

/** Every refusal that a call can meet, in the order in which they are found. One code may have several reasons. */
export function refusalsOf(definition: Definition): readonly ExplainedRefusal[] {
  const { query, transaction, transitions = [], errors } = definition;
  const found: readonly Found[] = [
    ["ValidationFailed", "the command does not fit its schema"],
    ...(definition.audit?.reason === "required" ? [["ReasonRequired", "the caller gives no reason"] as const] : []),
    ...keyRefusals(definition),
    ...definition.policies.filter(isEarly).map(policyRefusal),
    ...claimRefusals(definition),
    ...Object.entries(definition.prepare ?? {}).map(
      ([name, { timeoutMs, error = "Unavailable" }]): Found => [error, `prepare.${name} fails, or takes longer than ${timeoutMs} ms`],
    ),
    ...loadRefusals(definition),
    ...definition.policies.filter((policy) => !isEarly(policy)).map(policyRefusal),
    ...transitions.map(
      ({ state, machine, event, moves }): Found => [
        "InvalidTransition",
        `${state} is in no state of ${machine} that takes ${event}: ${Object.keys(moves).join(", ")}`,
      ],
    ),
    ...constraintRefusals(definition),
    ...(query ? [] : [["ConcurrencyConflict", `somebody else changed the same rows, after ${transaction.retries} retries`] as const]),
    ["Unavailable", query ? "the database cannot be reached" : "the database cannot be reached; around the commit the outcome is unknown"],
  ];
  const known = new Set(found.map(([code]) => code));
  const handler = Object.keys(errors)
    .filter((code) => !known.has(code))
    .map((code): Found => [code, "the handler rejects with it"]);
  // The handler decides before anything is written.
  const written = found.findIndex(([code]) => code === "ConstraintViolation" || errors[code]?.constraints !== undefined);
  const at = written === -1 ? found.length - 1 : written;
  return [...found.slice(0, at), ...handler, ...found.slice(at)].map(([code, when]) => ({ code, kind: kindOf(definition, code), when }));
}

function keyRefusals({ idempotency }: Definition): readonly Found[] {
  return idempotency === undefined
    ? []
    : [
        [
          "IdempotencyKeyRequired",
          idempotency.key === "caller" ? "the caller gives no idempotency key" : "the key that the command gives is empty",
        ],
      ];
}

function claimRefusals({ idempotency }: Definition): readonly Found[] {
  return idempotency === undefined
    ? []
    : [
        ["IdempotencyMismatch", "the key was used with another command"],
        ["IdempotencyInFlight", "a call with the key is under way"],
      ];
}

function loadRefusals({ state, advisoryLocks, query, transaction }: Definition): readonly Found[] {
  const loads: readonly (readonly [string, ErasedLoad])[] = Object.entries(state);
  const missing = loads.flatMap(([name, load]): Found[] => {
    if (load.cardinality === "optional" || load.aggregate !== undefined) return [];
    const table = repositoryOf(load).name;
    if (load.cardinality !== "many") return [[load.missing ?? "NotFound", `${name} finds no row of ${table}`]];
    return load.missing === undefined ? [] : [[load.missing, `${name} does not find every row of ${table} that it asks for`]];
  });
  const locking = loads.some(([, { lock = "none" }]) => lock !== "none") || advisoryLocks !== undefined;
  const impatient = loads.flatMap(([name, { wait }]) => (wait === "nowait" ? [name] : []));
  const waits = `a lock is not granted within ${transaction.lockTimeoutMs} ms${impatient.length > 0 ? ` (${impatient.join(", ")}: at once)` : ""}`;
  return [...(query || !locking ? [] : [["LockTimeout", waits] as const]), ...missing];
}

function policyRefusal(policy: ErasedPolicy): Found {
  const condition = policy.when === undefined ? "" : ", where its `when` holds";
  if ("permission" in policy)
    return [
      policy.error ?? "Forbidden",
      `the authorizer does not grant ${policy.permission}${policy.resource === undefined ? "" : " for the resource"}${condition}`,
    ];
  const what = "check" in policy ? `the handler's check ${policy.check} does not pass` : `${policy.source} does not hold`;
  return [policy.error ?? "PolicyViolation", `${what}${condition}`];
}

function constraintRefusals({ errors, query }: Definition): readonly Found[] {
  if (query) return [];
  const named = Object.entries(errors).flatMap(([code, { constraints = [] }]): Found[] =>
    constraints.map((constraint) => [code, `the database's constraint ${constraint} is violated`]),
  );
  return [...named, ["ConstraintViolation", `${named.length === 0 ? "a" : "another"} constraint of the database is violated`]];
}

function kindOf(definition: Definition, code: string): ExplainedRefusal["kind"] {
  return definition.errors[code]?.kind ?? builtInErrors[code as BuiltInCode].kind;
}
