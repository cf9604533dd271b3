import type { SpecPath } from "../../spec/model.js";
import type { GatheredBy, Gatherer } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import { within } from "../within.js";
import type { LockPair } from "./find-cycles.js";
import { needsUpdateLock } from "./needs-update-lock.js";
import { lockEdges, lockSequence } from "./use-case-steps.js";

/** What the rules on locks want to know of every use case. */
export const lockFacts: Gatherer<{
  /** Which resource it may wait for while it holds which: where these lead in no circle, no calls wait in one. */
  readonly pairs: readonly LockPair[];
  /** Its loads with a lock `update` that it does not need by itself, with the place of the lock. */
  readonly strong: readonly { readonly name: string; readonly path: SpecPath }[];
}> = {
  id: "locks",
  of(context) {
    const { lockOrder } = context.project.config;
    const edges = lockEdges(lockSequence(context, { lockOrder }, () => true));
    const strong = tableLoads(context.useCase).filter(
      (load) => load.lock === "update" && !needsUpdateLock(load, context) && context.findTable(load.table.name)?.kind === "table",
    );
    if (edges.length + strong.length === 0) return undefined;
    const pairs = new Map(
      edges.map(({ held: { resource: held }, wanted: { resource: wanted } }) => [`${held}\0${wanted}`, [held, wanted] as const]),
    );
    return { pairs: [...pairs.values()], strong: strong.map((load) => ({ name: load.name, path: within(load, "lock").path })) };
  },
};

export type LockFacts = GatheredBy<typeof lockFacts>;
