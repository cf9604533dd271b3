import { performance } from "node:perf_hooks";

/** Where the time of a run went, in milliseconds. */
export interface LintStats {
  readonly files: number;
  readonly durationMs: number;
  readonly phases: readonly { readonly name: string; readonly ms: number }[];
  /** The slowest first. What several rules share (the types of expressions) counts for the first that asks. */
  readonly rules: readonly { readonly id: string; readonly ms: number }[];
}

export interface Stopwatch {
  /** Ends a phase. */
  lap(name: string): void;
  /** Runs and counts a rule's work. */
  rule<T>(id: string, work: () => T): T;
  /** Counts what another thread did. */
  add(id: string, ms: number): void;
  stats(files: number, durationMs: number): LintStats;
}

export function createStopwatch(): Stopwatch {
  let last = performance.now();
  const phases: { name: string; ms: number }[] = [];
  const rules = new Map<string, number>();
  return {
    lap(name) {
      const now = performance.now();
      phases.push({ name, ms: now - last });
      last = now;
    },
    rule(id, work) {
      const start = performance.now();
      try {
        return work();
      } finally {
        rules.set(id, (rules.get(id) ?? 0) + performance.now() - start);
      }
    },
    add: (id, ms) => rules.set(id, (rules.get(id) ?? 0) + ms),
    stats: (files, durationMs) => ({
      files,
      durationMs,
      phases,
      rules: [...rules].map(([id, ms]) => ({ id, ms })).sort((a, b) => b.ms - a.ms),
    }),
  };
}
