import type { Project } from "../../spec/model.js";
import type { ProjectContext, UseCaseContext } from "../context.js";
import type { Gathered } from "../rule.js";
import { findCycles, type LockCycle, pairsInCircles } from "./find-cycles.js";
import { type IsUnchanged, unchangedColumns } from "./gates.js";
import type { LockPlan } from "./load-steps.js";
import type { LockFacts } from "./lock-facts.js";
import type { LockEdge } from "./lock-step.js";
import { lockEdges, lockSequence } from "./use-case-steps.js";

export interface LockAnalysis {
  /** Whatever can become a deadlock, each circle once. */
  readonly cycles: readonly LockCycle[];
  /** The circles that there would be with other locks: the configuration's order, or loads of some use cases changed. */
  cyclesWith(change: PlanChange): readonly LockCycle[];
}

export interface PlanChange {
  /** The order of the configuration with one table in another place. */
  readonly order?: { readonly lockOrder: readonly string[]; readonly moved: string };
  readonly useCases?: ReadonlyMap<UseCaseContext, NonNullable<LockPlan["changed"]>>;
}

const analyses = new WeakMap<Project, LockAnalysis>();

/** Who locks what in which order, across all use cases; computed once for all rules that ask. */
export function analyseLocks(context: ProjectContext, facts: readonly Gathered<LockFacts>[]): LockAnalysis {
  const { project } = context;
  const known = analyses.get(project);
  if (known !== undefined) return known;
  const mayWait = project.schema !== undefined && pairsInCircles(facts.flatMap(({ fact }) => fact.pairs)).length > 0;
  const analysis = mayWait ? analyse(context) : { cycles: [], cyclesWith: () => [] };
  analyses.set(project, analysis);
  return analysis;
}

function analyse({ project, useCases }: ProjectContext): LockAnalysis {
  const isUnchanged = unchangedColumns(useCases);
  const lockOrder = project.config.lockOrder;
  const edges = new Map(useCases.map((context) => [context, edgesOf(context, { lockOrder }, isUnchanged)]));
  return {
    cycles: findCycles([...edges.values()].flat()),
    cyclesWith(change) {
      const all = useCases.flatMap((context) => {
        const changed = change.useCases?.get(context);
        const own = edges.get(context) ?? [];
        const isMoved = own.some(({ held, wanted }) => [held.resource, wanted.resource].includes(change.order?.moved ?? ""));
        if (!isMoved && changed === undefined) return own;
        return edgesOf(context, { lockOrder: change.order?.lockOrder ?? lockOrder, ...(changed && { changed }) }, isUnchanged);
      });
      return findCycles(all);
    },
  };
}

function edgesOf(context: UseCaseContext, plan: LockPlan, isUnchanged: IsUnchanged): readonly LockEdge[] {
  return lockEdges(lockSequence(context, plan, isUnchanged));
}
