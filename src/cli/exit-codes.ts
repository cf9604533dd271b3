/** What the exit code of every command means. */
export const exitCodes = {
  fine: 0,
  /** Findings of severity error (or too many warnings), stale output under `--check`. */
  findings: 1,
  /** Wrong usage or configuration, or nothing matched. */
  usage: 2,
  /** A defect of ours. */
  internal: 3,
  /** Refused to overwrite a file that was edited by hand or is not ours. */
  notOurs: 4,
} as const;
