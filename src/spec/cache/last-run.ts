/** What the last run of generate left. */
export interface LastRun {
  /** Names everything that the code was made from. */
  readonly key: string;
  /** Names the content of the files that it keeps beside the code. */
  readonly beside: string;
  /** Every file, with the hash of its content. */
  readonly files: readonly (readonly [path: string, kind: "generated" | "scaffold", hash: string])[];
}
