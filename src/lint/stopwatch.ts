import { performance } from "node:perf_hooks";

/** Where the time of a run went, in milliseconds. */
export interface LintStats {
  readonly files: number;
  readonly durationMs: number;
  readonly phases: readonly { readonly name: string; readonly ms: number }[];
  /** If asked for; the slowest first. What several rules share (the types of expressions) counts for the first that asks. */
  readonly rules: readonly { readonly id: string; readonly ms: number }[];
}

/** Runs and counts a rule's work. */
export type TimeRule = <T>(ruleId: string, work: () => T) => T;

export interface Stopwatch {
  /** Ends a phase. */
  lap(name: string): void;
  /** Undefined where nobody asks: to count a rule's work takes longer than many a rule does. */
  readonly rule: TimeRule | undefined;
  /** Counts what another thread did. */
  add(id: string, ms: number): void;
  stats(files: number, durationMs: number): LintStats;
}

export function createStopwatch({ ofRules = false } = {}): Stopwatch {
  let last = performance.now();
  const phases: { name: string; ms: number }[] = [];
  const rules = new Map<string, number>();
  const rule: TimeRule = (id, work) => {
    const start = performance.now();
    try {
      return work();
    } finally {
      rules.set(id, (rules.get(id) ?? 0) + performance.now() - start);
    }
  };
  return {
    lap(name) {
      const now = performance.now();
      phases.push({ name, ms: now - last });
      last = now;
    },
    rule: ofRules ? rule : undefined,
    add: (id, ms) => rules.set(id, (rules.get(id) ?? 0) + ms),
    stats: (files, durationMs) => ({
      files,
      durationMs,
      phases,
      rules: [...rules].map(([id, ms]) => ({ id, ms })).sort((a, b) => b.ms - a.ms),
    }),
  };
}
