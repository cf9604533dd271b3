import type { Contender } from "./contender.js";
import type { ContenderId } from "./contenders.js";
import type { Round } from "./field.js";

/** One contender compared with another, and how it should come out at so many callers. */
export interface Comparison {
  readonly of: ContenderId;
  readonly to: ContenderId;
  readonly target: Readonly<Record<number, number>>;
  /** Default: throughput. CPU time of client and server says more where the two differ by little. */
  readonly by?: "cpu";
}

export const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

export function printComparison(
  contenders: Readonly<Record<ContenderId, Contender>>,
  measured: ReadonlyMap<ContenderId, readonly Round[]>,
  comparisons: readonly Comparison[],
  callers: number,
): void {
  console.log(`  ${"".padEnd(36)}actions/s   client ms   server ms      MB`);
  for (const [id, rounds] of measured) {
    const of = (figure: (round: Round) => number | undefined, digits: number) =>
      numberText(median(rounds.flatMap((round) => figure(round) ?? [])), digits);
    const columns = [
      of(rateOf, 0).padStart(9),
      of(({ cpu, actions }) => cpu / actions, 2).padStart(12),
      of(({ serverCpu, actions }) => serverCpu && serverCpu / actions, 2).padStart(12),
      of(({ megabytes }) => megabytes, 0).padStart(8),
    ];
    console.log(`  ${contenders[id].name.padEnd(36)}${columns.join("")}`);
  }
  for (const { of, to, target, by } of comparisons) {
    const [mine, theirs] = [measured.get(of), measured.get(to)];
    if (mine === undefined || theirs === undefined) continue;
    const figure = by === "cpu" ? thriftOf : rateOf;
    // Of rounds that were next to each other: what disturbs the machine disturbs both.
    const ratio = median(mine.flatMap((round, index) => (theirs[index] === undefined ? [] : [figure(round) / figure(theirs[index])])));
    const wanted = target[callers];
    const verdict = wanted === undefined ? "" : `  (target ${wanted} ×: ${ratio >= wanted ? "met" : "missed"})`;
    const how = by === "cpu" ? ", by CPU time" : "";
    console.log(`  ${contenders[of].name} / ${contenders[to].name}${how}: ${numberText(ratio, 2)} ×${verdict}`);
  }
}

/** A dash where there is nothing to measure: PGlite has no server. */
const numberText = (number: number, digits: number) => (Number.isNaN(number) ? "–" : number.toFixed(digits));

const rateOf = ({ actions, seconds }: Round) => actions / seconds;

/** Actions per millisecond of CPU, client and server together. */
const thriftOf = ({ actions, cpu, serverCpu = 0 }: Round) => actions / (cpu + serverCpu);
