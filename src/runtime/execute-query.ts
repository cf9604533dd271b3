import { apply } from "./apply.js";
import { committedRow } from "./audit.js";
import type { ExecuteContext } from "./context.js";
import { callerError, staleReason } from "./database-failure.js";
import type { Executed } from "./execute.js";
import { databaseFor } from "./handler-database.js";
import type { Fields, State } from "./internals.js";
import { burstAlone, lentSession } from "./lent-session.js";
import { bindLevel, firstMissing, readLevel } from "./load/load-level.js";
import { type RowOrigins, rowMaker } from "./load/loaded-rows.js";
import { boundLogger } from "./logger.js";
import { askEarlyPermissions, checkPolicies } from "./policies.js";
import type { BurstItem, Session, StatementResult } from "./ports.js";
import { prepareCall } from "./prepare-call.js";
import { recordRefusal } from "./record-refusal.js";
import { isRefusal } from "./refusal.js";
import { retryWhole } from "./retry.js";
import type { PreparedUseCase, Runtime } from "./runtime.js";
import { commit } from "./sql/begin-statement.js";
import { sessionSettings } from "./sql/session-settings.js";
import { writeAudit } from "./sql/write-audit.js";
import { writeItem } from "./sql/write-part.js";
import { type Call, scopeOf, validate } from "./validate.js";
import type { Watch } from "./watch.js";

/** Runs a use case that changes nothing: no key, no locks, and a transaction only where several statements need one snapshot. */
export async function executeQuery(
  runtime: Runtime,
  useCase: PreparedUseCase,
  input: unknown,
  context: ExecuteContext,
  { stage, attempt }: Watch,
): Promise<Executed<Fields>> {
  let call = stage("validate", () => validate(runtime, useCase, input, context));
  try {
    await stage("permissions", () => askEarlyPermissions(useCase, scopeOf(call, {})));
    if (useCase.definition.prepare !== undefined) call = await stage("prepare", () => prepareCall(call));
    attempt(1);
    const origins: RowOrigins = new Map();
    const answer = async (state: State, run?: Run) => {
      const scope = scopeOf(call, state);
      await stage("policies", () => checkPolicies(useCase, scope));
      const { newId, services } = runtime;
      const database = run && databaseFor(useCase.definition, { run }, async () => {});
      const applying = { useCase, origins, tenant: call.tenant, services, newId, log: boundLogger(call), database };
      return stage("apply", () => apply(applying, scope, []));
    };
    // Only a handler that has `tx` needs the connection for longer than the loads.
    const { result, scope: outcome } = await (useCase.definition.tx === undefined
      ? answer(await stage("load", () => loadSnapshot(call, origins)))
      : inSnapshot(call, origins, answer));
    const auditId = useCase.definition.audit === undefined ? null : await stage("write", () => recordQuery(call, outcome));
    return { result, replayed: false, auditId, attempts: 1 };
  } catch (error) {
    if (isRefusal(useCase.definition, error)) return recordRefusal(call, error);
    throw callerError(useCase.definition, error, "not sent", context.signal);
  }
}

type Run = (items: readonly BurstItem[]) => Promise<readonly StatementResult[]>;

/** What the loads find, without locks: one statement alone, or several in one read-only snapshot. */
export async function loadSnapshot(call: Call, origins: RowOrigins): Promise<State> {
  const { levels } = call.useCase;
  const alone = sessionSettings(call).length === 0 && (levels.length === 0 || (levels.length === 1 && levels[0]?.groups.length === 1));
  return retryStale(call, () =>
    lentSession(call.runtime.driver, call.context.signal, (session) => loadLevels(call, origins, session, alone ? "alone" : "commit")),
  );
}

/** The same, with what reads on in the snapshot. */
async function inSnapshot<Value>(call: Call, origins: RowOrigins, work: (state: State, run: Run) => Promise<Value>): Promise<Value> {
  return retryStale(call, () =>
    lentSession(call.runtime.driver, call.context.signal, async (session) => {
      const state = await loadLevels(call, origins, session, "stay open");
      const value = await work(state, (items) => burst(session, call, items));
      await session.burst([[commit]], call.context.signal);
      return value;
    }),
  );
}

async function loadLevels(call: Call, origins: RowOrigins, session: Session, how: "alone" | "commit" | "stay open"): Promise<State> {
  const { levels, definition, snapshot } = call.useCase;
  const makeRow = rowMaker(origins);
  const state: Record<string, unknown> = {};
  const scope = scopeOf(call, state);
  const opening: readonly BurstItem[] = how === "alone" ? [] : [...snapshot.map((each): BurstItem => [each]), ...sessionSettings(call)];
  if (levels.length === 0 && how === "stay open") await burst(session, call, opening);
  for (const [index, level] of levels.entries()) {
    const bound = bindLevel(level, scope, "snapshot");
    const before = index === 0 ? opening : [];
    const after: readonly BurstItem[] = index === levels.length - 1 && how === "commit" ? [[commit]] : [];
    const results = await burst(session, call, [...before, ...bound.items, ...after]);
    const { state: loaded, missing } = readLevel(bound, results.slice(before.length), scope, makeRow);
    Object.assign(state, loaded);
    const refused = firstMissing(definition, missing);
    if (refused !== undefined) throw refused;
  }
  return state;
}

/** A query meets no conflicts; what a migration did to a connection's statements is nobody's failure either. */
function retryStale<Value>({ context }: Call, work: () => Promise<Value>): Promise<Value> {
  return retryWhole({ retries: 0, signal: context.signal, reason: staleReason }, work);
}

async function burst(session: Session, { context }: Call, items: readonly BurstItem[]) {
  context.signal?.throwIfAborted();
  return items.length === 0 ? [] : session.burst(items, context.signal);
}

async function recordQuery(call: Call, scope: Parameters<typeof committedRow>[2]): Promise<string> {
  const { runtime, useCase } = call;
  const id = runtime.newId();
  const write = writeItem([writeAudit(committedRow(call, id, scope, []), runtime.names)], runtime.names, useCase.statements);
  const items: readonly BurstItem[] = [[useCase.begin], [useCase.open], ...sessionSettings(call), write, [commit]];
  await retryStale(call, () => burstAlone(runtime.driver, call.context.signal, items));
  return id;
}
