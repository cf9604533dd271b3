import type { Finding, Problem } from "../finding.js";

/** What the last run of lint found. */
export interface CachedLint {
  /** Names everything that the findings depend on. */
  readonly key: string;
  readonly findings: readonly Finding[];
  /** Names what the rules of every single use case depend on, beside the use case. */
  readonly surroundings: string;
  readonly useCases: Readonly<Record<string, CachedRuleResults>>;
}

/** What the rules said of one use case. */
export interface CachedRuleResults {
  /** Names the use case and its handler. */
  readonly key: string;
  readonly problems: readonly Problem[];
  /** Rules that looked at other use cases too: their answers are not among these. */
  readonly open: readonly string[];
  /** The loads that each load reads. */
  readonly loads: Readonly<Record<string, readonly string[]>>;
}
