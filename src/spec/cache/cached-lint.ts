import type { Finding } from "../finding.js";

/** What the last run of lint found. */
export interface CachedLint {
  /** Names everything that the findings depend on. */
  readonly key: string;
  readonly findings: readonly Finding[];
}
