import type { Lock } from "../definition.js";
import { type Definition, type ErasedLoad, repositoryOf, sequencesOf } from "../internals.js";
import type { AnyRepository } from "../repository.js";
import { type LockStatement, lockStatement } from "./advisory-locks.js";
import { conditionalParts } from "./conditions.js";
import { type LoadMode, type LoadStatement, type LoadVariant, statementCache } from "./load-statement.js";
import type { PlannedLoad } from "./planned-load.js";
import { type SequenceStatement, sequenceStatement } from "./sequences.js";

/** Loads that are one statement. */
export interface LoadGroup {
  readonly repository: AnyRepository;
  readonly lock: Lock;
  readonly loads: readonly PlannedLoad[];
  /** Whether some of its loads or conditions take place in some calls only. */
  readonly varies: boolean;
  /** The statement for the loads and conditions that take place. */
  readonly statement: LoadStatement;
  /** The one for all of them. */
  whole(mode: LoadMode): LoadVariant;
}

/** Loads that need nothing of each other: the advisory locks are taken first, then the groups in their order. */
export interface LoadLevel {
  readonly locks: LockStatement | undefined;
  readonly groups: readonly LoadGroup[];
  readonly sequences: SequenceStatement | undefined;
}

const strength: readonly Lock[] = ["update", "no key update", "share", "none"];

/**
 * Deals the loads into levels by their dependencies. Within a level the locked statements come first, in the global
 * lock order, which is what keeps two use cases from waiting for each other.
 */
export function planLoads(definition: Definition): readonly LoadLevel[] {
  const loads: readonly (readonly [string, ErasedLoad])[] = Object.entries(definition.state);
  const locks = Object.entries(definition.advisoryLocks ?? {});
  const sequences = sequencesOf(definition);
  const dependencies = new Map(
    [...loads, ...sequences, ...locks].map(([name, { after }]): [string, readonly string[]] => [name, after ?? []]),
  );
  const levels = new Map<string, number>();
  const levelOf = (name: string, path: readonly string[] = []): number => {
    const known = levels.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) throw new Error(`${definition.name}: the loads ${[...path, name].join(", ")} depend on each other.`);
    const after = dependencies.get(name) ?? [];
    const level = Math.max(-1, ...after.map((earlier) => levelOf(earlier, [...path, name]))) + 1;
    levels.set(name, level);
    return level;
  };
  const depth = Math.max(-1, ...[...dependencies.keys()].map((name) => levelOf(name))) + 1;
  return Array.from({ length: depth }, (_, level): LoadLevel => {
    const ofLevel = <Each>(all: readonly (readonly [string, Each])[]) => all.filter(([name]) => levels.get(name) === level);
    return {
      locks: lockStatement(ofLevel(locks)),
      groups: planGroups(definition, ofLevel(loads)),
      sequences: sequenceStatement(ofLevel(sequences)),
    };
  });
}

function planGroups(definition: Definition, loads: readonly (readonly [string, ErasedLoad])[]): readonly LoadGroup[] {
  const groups = new Map<string, PlannedLoad[]>();
  for (const [name, load] of loads) {
    const alone = load.aggregate !== undefined || load.limit !== undefined || load.orderBy !== undefined || load.wait !== undefined;
    const key = alone ? `load ${name}` : `table ${repositoryOf(load).name} ${load.lock ?? "none"}`;
    const planned: PlannedLoad = { name, load, conditionals: conditionalParts(load.where) };
    groups.set(key, [...(groups.get(key) ?? []), planned]);
  }
  return [...groups.values()].flatMap(planGroup).sort(byLockOrder(definition.lockOrder ?? []));
}

function planGroup(loads: readonly PlannedLoad[]): LoadGroup[] {
  const [first] = loads;
  if (first === undefined) return [];
  const repository = repositoryOf(first.load);
  const varies = loads.some(({ load, conditionals }) => load.when !== undefined || conditionals.length > 0);
  const statement = statementCache(repository, loads);
  const made: Partial<Record<LoadMode, LoadVariant>> = {};
  const whole = (mode: LoadMode) => {
    made[mode] ??= statement(loads, () => true, "whole", mode);
    return made[mode];
  };
  return [{ repository, lock: first.load.lock ?? "none", loads, varies, statement, whole }];
}

function byLockOrder(order: readonly string[]): (a: LoadGroup, b: LoadGroup) => number {
  const place = tablePlace(order);
  const locked = (group: LoadGroup) => (group.lock === "none" ? 1 : 0);
  return (a, b) =>
    locked(a) - locked(b) || place(a.repository.name, b.repository.name) || strength.indexOf(a.lock) - strength.indexOf(b.lock);
}

/** Compares tables: those of the list in its order, then the others by name. */
export function tablePlace(order: readonly string[]): (a: string, b: string) => number {
  const rank = new Map(order.map((name, index) => [name, index]));
  return (a, b) => (rank.get(a) ?? order.length) - (rank.get(b) ?? order.length) || (a < b ? -1 : a > b ? 1 : 0);
}
