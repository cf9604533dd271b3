// A circle of calls that wait for each other: each holds what the one before it wants. Calls are instances of use cases,
// and one use case may be called twice.
import type { LockEdge, LockStep } from "./lock-step.js";

/** A circle, told once: all edges that lead through the same resources in the same order. */
export interface LockCycle {
  /** Names the circle among all others. */
  readonly key: string;
  /** Whether the check of a foreign key is part of it. */
  readonly foreignKey: boolean;
  /** In their order; the last waits for the first. */
  readonly resources: readonly string[];
  /** For each resource, the edges from it to the next. */
  readonly edges: readonly (readonly LockEdge[])[];
}

/** Every shortest circle of the edges; a project without one costs one pass over the resources. */
export function findCycles(edges: readonly LockEdge[]): readonly LockCycle[] {
  const inCircles = edgesInCircles(edges);
  if (inCircles.length === 0) return [];
  // What has the same locks and gates behaves alike, however many use cases there are of it.
  const kinds = new Map<string, LockEdge[]>();
  for (const edge of inCircles) {
    const key = JSON.stringify([kindOf(edge.held), kindOf(edge.wanted)]);
    kinds.set(key, [...(kinds.get(key) ?? []), edge]);
  }
  const alike = [...kinds.values()];
  const holding = new Map<string, number[]>();
  for (const [index, [edge]] of alike.entries())
    if (edge !== undefined) holding.set(edge.held.resource, [...(holding.get(edge.held.resource) ?? []), index]);
  const next = alike.map(([edge]) =>
    edge === undefined
      ? []
      : (holding.get(edge.wanted.resource) ?? []).filter((index) => alike[index]?.[0] !== undefined && meets(edge, alike[index][0])),
  );
  const found = new Map<string, LockCycle & { readonly members: readonly Set<LockEdge>[] }>();
  for (const start of alike.keys()) {
    const circle = shortestCircle(start, next);
    if (circle === undefined) continue;
    const rotated = fromFirstName(circle, (index) => alike[index]?.[0]?.held.resource ?? "");
    for (const cycle of told(rotated.map((index) => alike[index] ?? []))) {
      const known = found.get(cycle.key) ?? { ...cycle, members: cycle.edges.map(() => new Set()) };
      found.set(cycle.key, known);
      for (const [position, edges] of cycle.edges.entries()) for (const edge of edges) known.members[position]?.add(edge);
    }
  }
  return [...found.values()]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, foreignKey, resources, members }) => ({
      key,
      foreignKey,
      resources,
      edges: members.map((edges) => [...edges].toSorted(byPlace)),
    }));
}

/** One circle; or where one use case alone makes it, one for each that does. */
function told(edges: readonly (readonly LockEdge[])[]): readonly LockCycle[] {
  const resources = edges.map(([edge]) => edge?.held.resource ?? "");
  const foreignKey = edges.some(([edge]) => [edge?.held, edge?.wanted].some((step) => step?.stage.kind === "foreign key"));
  const name = `${foreignKey ? "foreign key " : ""}${resources.join(" → ")}`;
  if (edges.length > 1) return [{ key: name, foreignKey, resources, edges }];
  return (edges[0] ?? []).map((edge) => ({ key: `${name} in ${edge.context.file}`, foreignKey, resources, edges: [[edge]] }));
}

/** Whether the first edge's call can wait for the second's: for the same row, with locks that wait, not kept apart by a gate. */
function meets({ wanted }: LockEdge, { held }: LockEdge): boolean {
  return (
    wanted.resource === held.resource && wanted.waitsFor.includes(held.lock) && !wanted.gates().some((gate) => held.gates().includes(gate))
  );
}

const kindOf = ({ resource, lock, waitsFor, gates, stage }: LockStep) => [resource, lock, waitsFor, gates(), stage.kind];

function edgesInCircles(edges: readonly LockEdge[]): readonly LockEdge[] {
  const pairs = new Map(edges.map((edge) => [[edge.held.resource, edge.wanted.resource] as const, edge]));
  return pairsInCircles([...pairs.keys()]).flatMap((pair) => pairs.get(pair) ?? []);
}

/** Two resources: while a call holds the first, it may wait for the second. */
export type LockPair = readonly [held: string, wanted: string];

/** The pairs of resources from each of which the other can be reached: no other pair is part of any circle. */
export function pairsInCircles(pairs: readonly LockPair[]): readonly LockPair[] {
  const next = new Map<string, Set<string>>();
  for (const [held, wanted] of pairs) {
    const targets = next.get(held) ?? new Set();
    next.set(held, targets.add(wanted));
  }
  const reached = new Map<string, ReadonlySet<string>>();
  const reach = (start: string): ReadonlySet<string> => {
    const known = reached.get(start);
    if (known !== undefined) return known;
    const seen = new Set<string>();
    const waiting = [start];
    for (const at of waiting)
      for (const target of next.get(at) ?? []) {
        if (seen.has(target)) continue;
        seen.add(target);
        waiting.push(target);
      }
    reached.set(start, seen);
    return seen;
  };
  return pairs.filter(([held, wanted]) => reach(wanted).has(held) || held === wanted);
}

function shortestCircle(start: number, next: readonly (readonly number[])[]): readonly number[] | undefined {
  const before = new Map<number, number>();
  const waiting = [start];
  for (const at of waiting) {
    for (const target of next[at] ?? []) {
      if (target === start) return pathTo(at, start, before);
      if (before.has(target)) continue;
      before.set(target, at);
      waiting.push(target);
    }
  }
  return undefined;
}

function pathTo(end: number, start: number, before: ReadonlyMap<number, number>): readonly number[] {
  const path = [end];
  for (let at = end; at !== start; ) {
    at = before.get(at) ?? start;
    path.unshift(at);
  }
  return path;
}

function fromFirstName(circle: readonly number[], nameOf: (index: number) => string): readonly number[] {
  const rotations = circle.map((_, offset) => [...circle.slice(offset), ...circle.slice(0, offset)]);
  const text = (rotation: readonly number[]) => rotation.map(nameOf).join(" ");
  return rotations.toSorted((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0))[0] ?? circle;
}

function byPlace(a: LockEdge, b: LockEdge): number {
  const place = ({ held, wanted, context }: LockEdge) => JSON.stringify([context.file, held.does, wanted.does]);
  return place(a) < place(b) ? -1 : 1;
}
