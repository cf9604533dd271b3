import type { PlacedFinding } from "./placed-finding.js";

/** What lint has to know of a use case once it has been looked into, as plain data: kept between runs. */
export interface CheckedUseCase {
  readonly file: string;
  /** As far as the file says one. */
  readonly name: string | undefined;
  /** Of its file, and of the rules on use cases; with the severities that these have by themselves. */
  readonly findings: readonly PlacedFinding[];
  /** By the id of what gathered them. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Its file has mistakes, so that nobody can say what it does not do. */
  readonly isIncomplete?: true;
  /** The events that start it: what is found in its expressions depends on who sends them. */
  readonly startedBy?: readonly string[];
}
