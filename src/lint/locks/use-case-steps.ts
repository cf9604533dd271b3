import type { UseCaseContext } from "../context.js";
import { foreignKeySteps } from "./foreign-key-steps.js";
import { type IsUnchanged, noGates } from "./gates.js";
import { loadLevels } from "./load-levels.js";
import { type LockPlan, loadSteps } from "./load-steps.js";
import type { LockEdge, LockSequence, LockStep } from "./lock-step.js";
import { unserialisedEvents } from "./unserialised-events.js";
import { writeSteps } from "./write-steps.js";

/** Every lock that a use case takes, in the runtime's order. A query takes none. */
export function lockSequence(context: UseCaseContext, plan: LockPlan, isUnchanged: IsUnchanged): LockSequence {
  const levels = loadLevels(context);
  if (context.useCase.kind === "query" || levels === undefined) return { context, steps: [] };
  const steps = [
    ...loadSteps(context, levels, plan, isUnchanged),
    ...eventSteps(context),
    ...writeSteps(context, plan, isUnchanged),
    ...foreignKeySteps(context),
  ];
  return { context, steps: behindAdvisoryLocks(steps, context) };
}

/** Each pair of locks of which one is held while the call waits for the other. */
export function lockEdges({ context, steps }: LockSequence): readonly LockEdge[] {
  if (steps.length < 2) return [];
  const edges: LockEdge[] = [];
  for (const [index, held] of steps.entries()) {
    const others = isUnordered(held) ? steps.filter((other) => other !== held && isUnordered(other)) : steps.slice(index + 1);
    for (const wanted of others) if (wanted.waitsFor.length > 0 && !inOneStatement(held, wanted)) edges.push({ context, held, wanted });
  }
  return edges;
}

/** Foreign keys come last, in no order among themselves. */
const isUnordered = ({ stage }: LockStep) => stage.kind === "foreign key";

/** Advisory locks of one level are taken in one statement, in one order; so are the keys of all events. */
function inOneStatement(a: LockStep, b: LockStep): boolean {
  if (a.stage.kind === "event key" && b.stage.kind === "event key") return true;
  const inOneLevel = a.stage.kind === "load" && b.stage.kind === "load" && a.stage.level === b.stage.level;
  return inOneLevel && a.resource.startsWith("advisory lock") && b.resource.startsWith("advisory lock");
}

/**
 * The locks on the keys of events that no row's lock puts in order; all in one statement, before the writes. Events of
 * different names may have the same key, and then it is one lock.
 */
function eventSteps(context: UseCaseContext): readonly LockStep[] {
  return unserialisedEvents(context).map(
    ({ name, key }): LockStep => ({
      resource: "the keys of events",
      lock: "update",
      waitsFor: ["update"],
      stage: { kind: "event key" },
      gates: noGates,
      loads: [],
      does: `takes its place in the order of ${name}`,
      at: { ...key, file: key.file ?? context.file },
    }),
  );
}

function behindAll({ gates }: LockStep, more: readonly string[]): LockStep["gates"] {
  return () => [...gates(), ...more];
}

/** Whoever holds an advisory lock is alone with all that it locks afterwards: the same key is taken to mean the same rows. */
function behindAdvisoryLocks(steps: readonly LockStep[], { useCase, findLoad }: UseCaseContext): readonly LockStep[] {
  if (useCase.loads.every(({ kind }) => kind !== "advisoryLock")) return steps;
  const gates: string[] = [];
  return steps.map((step) => {
    const behind = gates.length === 0 ? step : { ...step, gates: behindAll(step, [...gates]) };
    const load = findLoad(step.loads[0] ?? "");
    if (load?.kind === "advisoryLock" && load.when === undefined) gates.push(`advisory lock ${load.key.source.trim()}`);
    return behind;
  });
}
