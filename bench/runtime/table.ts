import type { Contender } from "./contender.js";
import type { ContenderId } from "./contenders.js";
import type { Round } from "./field.js";

/** One contender's throughput divided by another's, and how much it should be at so many callers. */
export interface Comparison {
  readonly of: ContenderId;
  readonly to: ContenderId;
  readonly target: Readonly<Record<number, number>>;
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
    const of = (figure: (round: Round) => number | undefined) => median(rounds.flatMap((round) => figure(round) ?? []));
    const rate = of(({ actions, seconds }) => actions / seconds).toFixed(0);
    const client = of(({ cpu, actions }) => cpu / actions).toFixed(2);
    const server = of(({ serverCpu, actions }) => serverCpu && serverCpu / actions).toFixed(2);
    const memory = of(({ megabytes }) => megabytes).toFixed(0);
    const columns = [rate.padStart(9), client.padStart(12), server.padStart(12), memory.padStart(8)];
    console.log(`  ${contenders[id].name.padEnd(36)}${columns.join("")}`);
  }
  for (const { of, to, target } of comparisons) {
    const [mine, theirs] = [measured.get(of), measured.get(to)];
    if (mine === undefined || theirs === undefined) continue;
    // Of rounds that were next to each other: what disturbs the machine disturbs both.
    const ratio = median(mine.map(({ actions, seconds }, round) => actions / seconds / rateOf(theirs[round])));
    const wanted = target[callers];
    const verdict = wanted === undefined ? "" : `  (target ${wanted} ×: ${ratio >= wanted ? "met" : "missed"})`;
    console.log(`  ${contenders[of].name} / ${contenders[to].name}: ${ratio.toFixed(2)} ×${verdict}`);
  }
}

const rateOf = (round: Round | undefined) => (round === undefined ? Number.NaN : round.actions / round.seconds);
