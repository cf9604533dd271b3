// The change that would remove a circle: each that comes into question is tried on the analysis, and only one that
// leaves neither this circle nor a new one is proposed.
import type { ProjectContext, UseCaseContext } from "../context.js";
import { formatSpecPath } from "../spec-path.js";
import type { LockCycle } from "./find-cycles.js";
import { loadLevels } from "./load-levels.js";
import type { LockPlan } from "./load-steps.js";
import type { LockAnalysis, PlanChange } from "./lock-analysis.js";
import type { LockEdge, LockPlace } from "./lock-step.js";

interface Repair {
  readonly change: PlanChange;
  /** What to do, one sentence or more. */
  readonly text: string;
  /** The lock that stands in the wrong place. */
  readonly at: LockPlace;
}

type ChangedLoads = NonNullable<LockPlan["changed"]>;

/** Beyond this many use cases on a side, changing all of them is no advice. */
const fewUseCases = 3;
/** Whoever has more circles than this begins with the first. */
const mostTried = 20;

/** What would remove the circle, as text; and where it is to be done. */
export function findRepair(
  cycle: LockCycle,
  project: ProjectContext,
  { cycles, cyclesWith }: LockAnalysis,
): { readonly text: string; readonly at?: LockPlace } {
  const known = new Set(cycles.map(({ key }) => key));
  if (cycles.indexOf(cycle) >= mostTried) return { text: commonLock };
  for (const { change, text, at } of repairs(cycle, project)) {
    const left = cyclesWith(change).map(({ key }) => key);
    if (!left.includes(cycle.key) && left.every((key) => known.has(key))) return { text, at };
  }
  return { text: commonLock };
}

const commonLock =
  "Let each of them first lock one row that stands for all of these, and find the others through it; or take an `advisoryLock` with one key first.";

function* repairs(cycle: LockCycle, { project }: ProjectContext): Iterable<Repair> {
  const { lockOrder } = project.config;
  const sides = cycle.edges
    .filter((edges) => new Set(edges.map(({ context }) => context)).size <= fewUseCases)
    .toSorted((a, b) => a.length - b.length);
  const orders = sides.flatMap(([edge]) => {
    const tables = [edge?.held, edge?.wanted].filter((step) => edge?.context.findTable(step?.resource ?? "") !== undefined);
    if (edge === undefined || tables.length < 2 || edge.held.resource === edge.wanted.resource) return [];
    const next = reordered(lockOrder, edge.wanted.resource, edge.held.resource);
    const text = `${sentenceFile(project.config.file)} say \`lockOrder: [${next.join(", ")}]\`.`;
    return [{ change: { order: { lockOrder: next, moved: edge.wanted.resource } }, text, at: edge.wanted.at }];
  });
  const loads = sides.flatMap((edges) => [weaker(edges), later(edges), locked(edges)].flatMap((repair) => repair ?? []));
  yield* orders;
  yield* loads;
  for (const load of loads)
    for (const order of orders)
      yield { at: load.at, change: { ...load.change, ...order.change }, text: `${load.text} And ${order.text.replace(/^In/, "in")}` };
}

/** The order of the configuration with one table put before another. */
function reordered(lockOrder: readonly string[], first: string, second: string): readonly string[] {
  const others = lockOrder.filter((name) => name !== first);
  const at = others.indexOf(second);
  return at === -1 ? [...others, first, second] : [...others.slice(0, at), first, ...others.slice(at)];
}

/** Finds the rows without a lock first, so that both locks can be taken in one level. */
function later(edges: readonly LockEdge[]): Repair | undefined {
  return changing(edges, (edge) => {
    const { held, wanted, context } = edge;
    if (held.stage.kind !== "load" || wanted.stage.kind !== "load" || wanted.stage.level !== held.stage.level + 1) return undefined;
    const { level } = wanted.stage;
    const loads = held.loads.flatMap((name) => context.findLoad(name) ?? []).filter((load) => load.kind === "table");
    if (loads.length === 0) return undefined;
    const readers = wanted.loads.join(" and ");
    const text = loads.map((load) => {
      const found = `${load.name}Found`;
      const [key, ...more] = context.findTable(load.table.name)?.primaryKey ?? [];
      const by = load.cardinality === "many" ? `{ in: "${found}.map(r, r.${key})" }` : `${found}.${key}`;
      const where = key === undefined || more.length > 0 ? "its primary key from that" : `\`where: { ${key}: ${by} }\``;
      return `In ${context.file}, find ${load.name} without a lock first, as ${found}, and let ${readers} read ${found}; then load ${load.name} by ${where} with its lock.`;
    });
    return {
      loads: new Map(loads.map((load) => [load.name, { level, lock: load.lock === "none" ? "no key update" : load.lock }])),
      text: `${text.join(" ")} Both locks are then taken in one level, in one order for all; a policy must say what was found has not changed meanwhile.`,
    };
  });
}

/** Locks rows when they are loaded, which are else locked by their change. */
function locked(edges: readonly LockEdge[]): Repair | undefined {
  return changing(edges, ({ context, wanted }) => {
    if (wanted.stage.kind !== "write" || wanted.loads.length === 0) return undefined;
    const loads = wanted.loads
      .flatMap((name) => context.findLoad(name) ?? [])
      .filter((load) => load.kind === "table" && load.lock === "none");
    if (loads.length === 0) return undefined;
    const names = loads.map(({ name }) => name);
    const levels = loadLevels(context);
    return {
      loads: new Map(names.map((name) => [name, { level: levels?.get(name) ?? 0, lock: "no key update" }])),
      text: `In ${context.file}, load ${names.join(" and ")} with \`lock: no key update\`.`,
    };
  });
}

/** Takes `no key update` in place of `update`, which alone keeps foreign keys waiting. */
function weaker(edges: readonly LockEdge[]): Repair | undefined {
  return changing(edges, ({ context, held }) => {
    const { stage } = held;
    const loads = held.loads
      .flatMap((name) => context.findLoad(name) ?? [])
      .filter((load) => load.kind === "table" && load.lock === "update");
    if (stage.kind !== "load" || loads.length === 0) return undefined;
    const places = loads.map((load) => formatSpecPath([...load.path, "lock"]));
    return {
      loads: new Map(loads.map(({ name }) => [name, { level: stage.level, lock: "no key update" }])),
      at: held.at,
      text: `In ${context.file}, \`no key update\` is enough for ${places.join(" and ")}: it lets foreign keys be checked.`,
    };
  });
}

/** One repair for all edges of a side, if each of them has one. */
function changing(
  edges: readonly LockEdge[],
  repair: (edge: LockEdge) => { readonly loads: ChangedLoads; readonly text: string; readonly at?: LockPlace } | undefined,
): Repair | undefined {
  let at: LockPlace | undefined;
  const useCases = new Map<UseCaseContext, ChangedLoads>();
  const texts = new Set<string>();
  for (const edge of edges) {
    const one = repair(edge);
    if (one === undefined) return undefined;
    useCases.set(edge.context, new Map([...(useCases.get(edge.context) ?? []), ...one.loads]));
    texts.add(one.text);
    at ??= one.at ?? edge.wanted.at;
  }
  return at && { change: { useCases }, text: [...texts].join(" "), at };
}

const sentenceFile = (file: string | undefined) => `In ${file ?? "the configuration"}`;
