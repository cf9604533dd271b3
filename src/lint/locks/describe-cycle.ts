import type { ProjectContext } from "../context.js";
import type { Report } from "../rule.js";
import type { LockCycle } from "./find-cycles.js";
import { findRepair } from "./find-repair.js";
import type { LockAnalysis } from "./lock-analysis.js";
import type { LockEdge } from "./lock-step.js";

/** Of a side that many use cases are on, these are enough to see it; the message counts the others. */
const mostPlaces = 25;

/** A circle as one finding: where the repair is to be made, with every place of every edge. */
export function describeCycle(cycle: LockCycle, project: ProjectContext, analysis: LockAnalysis): Report {
  const [rarest] = cycle.edges.toSorted((a, b) => a.length - b.length);
  const { text, at } = findRepair(cycle, project, analysis);
  const [edge] = rarest ?? [];
  if (edge === undefined) throw new Error(`The cycle ${cycle.key} has no edges.`);
  return {
    at: at ?? edge.wanted.at,
    message: messageOf(cycle, edge),
    help: text,
    related: cycle.edges
      .flatMap((side) => side.slice(0, mostPlaces))
      .flatMap(({ context, held, wanted }) => [
        { message: `${context.useCase.name} ${held.does}`, at: held.at },
        { message: `and while it holds that, ${wanted.does}`, at: wanted.at },
      ]),
  };
}

function messageOf({ resources, edges }: LockCycle, { context, held, wanted }: LockEdge): string {
  const { name } = context.useCase;
  if (resources.length === 1) {
    return `Two calls of ${name} can wait for each other: it ${held.does}, and while it holds them, ${wanted.does}.`;
  }
  const sides = edges.map((side) => {
    const [first] = side;
    return `${namesOf(side)} ${side.length === 1 ? "locks" : "lock"} ${first?.held.resource} before ${first?.wanted.resource}`;
  });
  const who = sides.length === 2 ? "Two calls can wait for each other" : `${sides.length} calls can wait for each other in a circle`;
  return `${who}: ${sides.join(", ")}.`;
}

function namesOf(side: readonly LockEdge[]): string {
  const names = [...new Set(side.map(({ context }) => context.useCase.name))];
  const shown = names.slice(0, 3).join(", ");
  return names.length <= 3 ? shown : `${shown} and ${names.length - 3} more`;
}
