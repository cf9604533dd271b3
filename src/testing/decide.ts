import { apply } from "../runtime/apply.js";
import { deepFreeze } from "../runtime/deep-freeze.js";
import {
  type Definition,
  deletionsOf,
  type ErasedLoad,
  type ErasedScope,
  type Fields,
  internalsOf,
  repositoryOf,
  type State,
  sequencesOf,
} from "../runtime/internals.js";
import { originOf, type RowOrigins } from "../runtime/load/loaded-rows.js";
import { silentLogger } from "../runtime/logger.js";
import { askEarlyPermissions, checkPolicies, type PolicyContext } from "../runtime/policies.js";
import type { AnyRepository } from "../runtime/repository.js";
import { takeTransitions } from "../runtime/transitions.js";
import type { UseCase, UseCaseTypes } from "../runtime/use-case.js";
import { scopeOf, validCommand } from "../runtime/validate.js";
import { conditionValues } from "../runtime/writes/condition-values.js";
import type { RowChange } from "../runtime/writes/row-change.js";

/** What a decision stands on. */
export type Given<T extends UseCaseTypes> = {
  readonly command: T["commandInput"];
  readonly state: T["state"];
  /** Left out: a user of the tenant `t-1`. */
  readonly actor?: T["context"]["actor"];
  /** Left out: 2026-01-01, noon, UTC. */
  readonly now?: Date;
  /** What the actor may do. Left out: everything. */
  readonly permissions?: readonly string[];
} & (T extends { readonly services: infer Services } ? { readonly services: Services } : unknown) &
  /** What the functions of `prepare:` would return: none is called. */
  (T extends { readonly prepare: infer Prepared } ? { readonly prepare: Prepared } : unknown) &
  /** Drizzle over a database of the test's own, such as PGlite. What the handler has queued is not in it. */
  (T extends { readonly tx: infer Transaction } ? { readonly tx: Transaction } : unknown);

export interface Decision<T extends UseCaseTypes> {
  readonly result: T["result"];
  /** One per row, in the order in which the rows were first changed; what a transition writes is among them. */
  readonly writes: readonly DecidedWrite[];
  /** With their complete payloads, computed fields included. */
  readonly events: readonly DecidedMessage[];
  readonly jobs: readonly DecidedMessage[];
}

export interface DecidedWrite {
  readonly table: string;
  readonly operation: "insert" | "update" | "increment" | "upsert" | "delete";
  /** The primary key, by column; of an upsert the columns that say whether the row is there. */
  readonly key: Fields;
  /** The new row, the changed columns, or the amounts that are added; empty for a delete. */
  readonly values: Fields;
  /** Of a delete by condition: the condition with its values. Its `key` is empty. */
  readonly where?: Fields;
}

export interface DecidedMessage {
  readonly type: string;
  readonly key: string;
  readonly payload: Fields;
}

/**
 * Validates the command and runs policies, checks, transitions and `apply`, as `execute` does, with no database. A
 * refusal is thrown as a UseCaseError. New ids are the uuids …0001, …0002 and so on.
 * @example const { result } = await decide(moveInventoryHandler, { command, state: { source, destination } });
 */
export async function decide<T extends UseCaseTypes>(useCase: UseCase<T>, given: Given<T>): Promise<Decision<T>> {
  const { definition, handler } = internalsOf(useCase);
  const { permissions } = given;
  const authorizer: PolicyContext["authorizer"] = { authorize: ({ permission }) => permissions?.includes(permission) ?? true };
  const context = { definition, handler, authorizer };
  const actor = given.actor ?? { type: "user", id: "tester", tenantId: "t-1" };
  const call = {
    command: validCommand(definition, given.command),
    context: { actor },
    now: given.now ?? new Date("2026-01-01T12:00:00Z"),
    // A copy, because what is prepared is frozen.
    prepare: "prepare" in given ? deepFreeze(structuredClone(given.prepare) as Fields) : undefined,
  };

  await askEarlyPermissions(context, scopeOf(call, {}));
  const origins: RowOrigins = new Map();
  const scope = scopeOf(call, adoptState(definition, given.state, origins));
  await checkPolicies(context, scope);
  const transitions = takeTransitions(definition, scope);
  const tenant = definition.tenant?.(scope);
  const services = "services" in given ? given.services : undefined;
  const database = "tx" in given ? () => ({ tx: given.tx, close() {} }) : undefined;
  const decision = await apply(
    { useCase: context, origins, tenant, services, newId: countingIds(), log: silentLogger, database },
    scope,
    transitions,
  );
  const messages = (kind: "event" | "job") =>
    decision.messages.filter((message) => message.kind === kind).map(({ type, key, payload }) => ({ type, key, payload }));
  return {
    // What the handler returned, completed: `defineHandler` has typed it.
    result: decision.result as T["result"],
    writes: [...decidedDeletes(definition, decision.scope), ...decision.changes.flatMap(decidedWrites)],
    events: messages("event"),
    jobs: messages("job"),
  };
}

function decidedDeletes(definition: Definition, scope: ErasedScope): readonly DecidedWrite[] {
  return deletionsOf(definition).map(({ from: { name: table }, where }) => ({
    table,
    operation: "delete",
    key: {},
    values: {},
    where: conditionValues(where, scope, (_, value) => value),
  }));
}

/** A row may be both updated and incremented. */
function decidedWrites({ repository, operation, key, values, increments }: RowChange): DecidedWrite[] {
  const table = repository.name;
  if (operation !== "update") return [{ table, operation, key, values }];
  const updates: DecidedWrite[] = Object.keys(values).length > 0 ? [{ table, operation, key, values }] : [];
  return Object.keys(increments).length > 0 ? [...updates, { table, operation: "increment", key, values: increments }] : updates;
}

function countingIds(): () => string {
  let ids = 0;
  return () => `00000000-0000-7000-8000-${String(++ids).padStart(12, "0")}`;
}

/** The test's rows as if they had been loaded: frozen copies, whose tables the runtime knows. */
function adoptState(definition: Definition, given: object, origins: RowOrigins): State {
  const copies = new Map<object, Fields>();
  const adoptRow = (repository: AnyRepository, row: Fields): Fields => {
    const known = copies.get(row);
    if (known !== undefined) return known;
    const copy = deepFreeze({ ...row });
    copies.set(row, copy);
    const origin = originOf(repository, copy, true);
    if (origin !== undefined) origins.set(copy, origin);
    return copy;
  };
  const adopt = (repository: AnyRepository, loaded: unknown): unknown => {
    if (Array.isArray(loaded)) return Object.freeze(loaded.map((row) => adoptRow(repository, row)));
    if (loaded instanceof Map) return new Map([...loaded].map(([key, row]) => [key, adoptRow(repository, row)]));
    return loaded === null || loaded === undefined ? null : adoptRow(repository, loaded as Fields);
  };
  const ids = sequencesOf(definition).map(([name]) => [name, Reflect.get(given, name) ?? null]);
  const loads: readonly (readonly [string, ErasedLoad])[] = Object.entries(definition.state);
  const rows = loads.map(([name, load]) => [
    name,
    load.aggregate === undefined ? adopt(repositoryOf(load), Reflect.get(given, name)) : (Reflect.get(given, name) ?? null),
  ]);
  return Object.fromEntries([...rows, ...ids]);
}
