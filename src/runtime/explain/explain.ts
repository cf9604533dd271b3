import { type Definition, type ErasedPolicy, sequencesOf } from "../internals.js";
import { conditionalParts } from "../load/conditions.js";
import type { LoadGroup, LoadLevel } from "../load/plan-loads.js";
import { isEarly } from "../policies.js";
import type { PlannedUseCase } from "../runtime.js";
import { commit } from "../sql/begin-statement.js";
import type { OwnNames } from "../sql/own-names.js";
import { sessionStatement } from "../sql/session-settings.js";
import { lockKeysText } from "../transaction.js";
import { auditWrite, exampleDeleteItems, exampleWrite } from "./example-write.js";
import type { ExplainedStatement, Explanation } from "./explanation.js";
import { refusalsOf } from "./refusals-of.js";

/** What a call of the use case sends, locks and refuses. Asks nothing of the database. */
export function explain(names: OwnNames, useCase: PlannedUseCase): Explanation {
  const { definition, levels } = useCase;
  const { policies, transitions = [], transaction } = definition;
  const query = definition.query === true;
  const bursts = (query ? queryBursts(names, useCase) : actionBursts(names, useCase)).map((statements) => ({ statements }));
  return {
    useCase: definition.name,
    spec: definition.spec,
    kind: query ? "query" : "action",
    permissions: policies.filter(isEarly).map(policyText),
    prepare: preparations(definition),
    policies: policies.filter((policy) => !isEarly(policy)).map(policyText),
    ...(definition.tx && { tx: definition.tx }),
    transitions: transitions.map(({ state: load, machine, event, moves }) => ({ load, machine, event, moves })),
    bursts,
    lockOrder: query ? [] : levels.flatMap(locksOf),
    roundTrips: bursts.length,
    refusals: refusalsOf(definition),
    retries: query ? { count: 0, after: [] } : { count: transaction.retries, after: ["40001", "40P01"] },
  };
}

/** `rule source.quantity >= command.quantity, else InsufficientStock` */
function policyText(policy: ErasedPolicy): string {
  const text =
    "permission" in policy ? `permission ${policy.permission}` : "check" in policy ? `check ${policy.check}` : `rule ${policy.source}`;
  const error = policy.error ?? ("permission" in policy ? "Forbidden" : "PolicyViolation");
  return `${text}, else ${error}${policy.when === undefined ? "" : " (where its `when` holds)"}`;
}

function preparations({ prepare }: Definition): Explanation["prepare"] {
  return Object.entries(prepare ?? {}).map(([name, { timeoutMs, error = "Unavailable" }]) => ({ name, timeoutMs, error }));
}

function actionBursts(
  names: OwnNames,
  { definition, levels, begin, open, claim }: PlannedUseCase,
): readonly (readonly ExplainedStatement[])[] {
  const opening: ExplainedStatement[] = [
    { step: 3, what: "begin", sql: begin.text },
    ...sessionLines(definition),
    definition.idempotency === undefined
      ? { step: 3, what: "set the time limits", sql: open.text }
      : { step: 3, what: "claim the idempotency key, and set the time limits", sql: claim.text },
  ];
  // Before what is asked outside, a look whether the key has an outcome already.
  const looking = opening.map((each) => ({
    ...each,
    step: 2 as const,
    what: each.step === 3 && each.sql === claim.text ? "look for a stored outcome" : each.what,
  }));
  const look =
    definition.prepare === undefined || definition.idempotency === undefined
      ? []
      : [[...looking, { step: 2 as const, what: "commit", sql: commit.text }]];
  const [first = [], ...further] = levels.map((level) => levelStatements(definition, level, false));
  const unlocked = Object.entries(definition.events ?? {}).filter(
    ([, { key, serialisedBy = [] }]) => key !== undefined && serialisedBy.length === 0,
  );
  const closing: ExplainedStatement[] = [
    ...(unlocked.length === 0
      ? []
      : [{ step: 7 as const, what: `lock the keys of ${unlocked.map(([name]) => name).join(", ")}`, sql: lockKeysText }]),
    ...exampleDeleteItems(definition).map(({ deletion, item: [{ text: sql }] }) => ({
      ...{ step: 7 as const, what: `delete from ${deletion.from.name} by condition`, sql },
      ...(conditionalParts(deletion.where).length > 0 && { varies: "when" as const }),
    })),
    { step: 7, what: "write", sql: exampleWrite(names, definition), varies: "decision" },
    { step: 8, what: "commit", sql: commit.text },
  ];
  return [...look, [...opening, ...first], ...further, closing];
}

function queryBursts(
  names: OwnNames,
  { definition, levels, begin, open, snapshot: opening }: PlannedUseCase,
): readonly (readonly ExplainedStatement[])[] {
  const settings = sessionLines(definition);
  const loads = levels.map((level) => levelStatements(definition, level, true));
  const alone = settings.length === 0 && (levels.length === 0 || (levels.length === 1 && levels[0]?.groups.length === 1));
  const end: ExplainedStatement = { step: 8, what: "commit", sql: commit.text };
  const snapshot = loads.map((statements, index) => [
    ...(index === 0 && !alone
      ? [
          ...opening.map(({ text }, at) => ({
            step: 3 as const,
            what: at === 0 ? "one read-only snapshot" : "set the time limit",
            sql: text,
          })),
          ...settings,
        ]
      : []),
    ...statements,
    ...(index === loads.length - 1 && !alone ? [end] : []),
  ]);
  const audit: ExplainedStatement[] = [
    { step: 7, what: "begin", sql: begin.text },
    { step: 7, what: "set the time limits", sql: open.text },
    ...settings.map((each) => ({ ...each, step: 7 as const })),
    { step: 7, what: "write the audit", sql: auditWrite(names, definition) },
    end,
  ];
  return [...snapshot.filter((statements) => statements.length > 0), ...(definition.audit === undefined ? [] : [audit])];
}

function sessionLines({ session = {} }: Definition): readonly ExplainedStatement[] {
  const settings = Object.keys(session);
  return settings.length === 0 ? [] : [{ step: 3, what: `set ${settings.join(", ")}`, sql: sessionStatement(settings.length).text }];
}

/** The statements of a level in the order in which they are sent. */
function levelStatements(definition: Definition, { locks, groups, sequences }: LoadLevel, query: boolean): readonly ExplainedStatement[] {
  const conditional = new Set(sequencesOf(definition).flatMap(([name, { when }]) => (when === undefined ? [] : [name])));
  return [
    ...(locks === undefined || query
      ? []
      : [{ step: 4 as const, what: `${locks.names.join(", ")}: advisory locks`, sql: locks.statement.text }]),
    ...groups.map((group) => groupStatement(group, query)),
    ...(sequences === undefined || query
      ? []
      : [
          {
            step: 4 as const,
            what: `${sequences.names.join(", ")}: ids`,
            sql: sequences.text,
            ...(sequences.names.some((name) => conditional.has(name)) && { varies: "when" as const }),
          },
        ]),
  ];
}

function groupStatement({ repository, lock, loads, varies, whole }: LoadGroup, query: boolean): ExplainedStatement {
  const variant = whole(query ? "snapshot" : "transaction");
  const locking = lock === "none" || query ? "" : `, locked ${lock}`;
  return {
    step: 4,
    what: `${loads.map(({ name }) => name).join(", ")}: ${repository.name}${locking}`,
    sql: variant.statement.text,
    ...(varies && { varies: "when" }),
  };
}

function locksOf({ locks, groups }: LoadLevel): Explanation["lockOrder"] {
  const advisory = (locks?.names ?? []).map((name) => ({ loads: [name], lock: "advisory" }));
  const rows = groups.filter(({ lock }) => lock !== "none");
  return [
    ...advisory,
    ...rows.map(({ loads, repository, lock }) => ({ loads: loads.map(({ name }) => name), table: repository.name, lock })),
  ];
}
