import type { Lock, TableLoad } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import { once } from "../once.js";
import { gatesOf, type IsUnchanged, noGates } from "./gates.js";
import type { LockStep } from "./lock-step.js";
import { isStronger, waitsFor } from "./row-lock.js";
import { tablePlace } from "./table-place.js";

/** What the order of a use case's locks depends on, besides its spec; a repair is tried by changing it. */
export interface LockPlan {
  readonly lockOrder: readonly string[];
  /** Loads that are to be locked in another level, or at all. */
  readonly changed?: ReadonlyMap<string, { readonly level: number; readonly lock: Exclude<Lock, "none"> }>;
}

interface PlacedLoad {
  readonly load: TableLoad;
  readonly level: number;
  readonly lock: Exclude<Lock, "none">;
}

/** The locks that loads take, in the runtime's order: by level; advisory locks first; by table; the stronger first. */
export function loadSteps(
  context: UseCaseContext,
  levels: ReadonlyMap<string, number>,
  plan: LockPlan,
  isUnchanged: IsUnchanged,
): readonly LockStep[] {
  const statements: { readonly first: PlacedLoad; readonly loads: TableLoad[] }[] = [];
  for (const placed of lockedLoads(context, levels, plan)) {
    const statement = statements.find(({ first }) => inOneStatement(first, placed));
    if (statement === undefined) statements.push({ first: placed, loads: [placed.load] });
    else statement.loads.push(placed.load);
  }
  const place = tablePlace(plan.lockOrder);
  statements.sort(({ first: a }, { first: b }) => a.level - b.level || place(a.load.table.name, b.load.table.name) || byStrength(a, b));
  const rowSteps = statements.map(({ first: { load, level, lock }, loads }, index): LockStep => {
    const before = once(() => new Set(statements.slice(0, index).flatMap((earlier) => earlier.loads)));
    const gatesOfLoad = (each: TableLoad) => gatesOf(each.table.name, each.where, context, (parent) => before().has(parent), isUnchanged);
    const names = loads.map(({ name }) => name);
    return {
      resource: load.table.name,
      lock,
      // Who does not wait for a lock never stands in a circle of waiting calls.
      waitsFor: load.wait === "block" ? waitsFor(lock) : [],
      stage: { kind: "load", level },
      gates: once(() => common(loads.map(gatesOfLoad))),
      loads: names,
      does: `locks ${load.table.name} (${names.join(", ")})`,
      at: { path: [...load.path, "lock"], file: context.file },
    };
  });
  const advisory = advisorySteps(context, levels);
  if (advisory.length === 0) return rowSteps;
  return [...advisory, ...rowSteps].toSorted((a, b) => levelOf(a) - levelOf(b));
}

/** Those gates that all have. */
export function common(gates: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = gates;
  return first.filter((gate) => others.every((other) => other.includes(gate)));
}

function lockedLoads({ useCase, findTable }: UseCaseContext, levels: ReadonlyMap<string, number>, { changed }: LockPlan): PlacedLoad[] {
  return useCase.loads.flatMap((load): PlacedLoad[] => {
    if (load.kind !== "table" || findTable(load.table.name) === undefined) return [];
    const as = changed?.get(load.name);
    if (as !== undefined) return [{ load, ...as }];
    return load.lock === "none" ? [] : [{ load, level: levels.get(load.name) ?? 0, lock: load.lock }];
  });
}

function advisorySteps(context: UseCaseContext, levels: ReadonlyMap<string, number>): readonly LockStep[] {
  return context.useCase.loads.flatMap((load): LockStep[] => {
    if (load.kind !== "advisoryLock") return [];
    // Keys that begin with different literals are different locks; nothing else is known of their values.
    const prefix = /^(['"])(.+?)\1\s*\+/.exec(load.key.source.trim())?.[2];
    const resource = prefix === undefined ? "advisory lock" : `advisory lock ${prefix}`;
    return [
      {
        resource,
        lock: "update",
        waitsFor: ["update"],
        stage: { kind: "load", level: levels.get(load.name) ?? 0 },
        gates: noGates,
        loads: [load.name],
        does: `takes an advisory lock (${load.name})`,
        at: { path: load.path, file: load.file ?? context.file },
      },
    ];
  });
}

function inOneStatement(a: PlacedLoad, b: PlacedLoad): boolean {
  return a.level === b.level && a.lock === b.lock && a.load.table.name === b.load.table.name && !isAlone(a.load) && !isAlone(b.load);
}

const isAlone = ({ limit, orderBy, wait }: TableLoad) => limit !== undefined || orderBy.length > 0 || wait !== "block";
const levelOf = ({ stage }: LockStep) => (stage.kind === "load" ? stage.level : 0);
const byStrength = (a: PlacedLoad, b: PlacedLoad) => Number(isStronger(b.lock, a.lock)) - Number(isStronger(a.lock, b.lock));
