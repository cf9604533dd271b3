import type { LockCycle } from "./find-cycles.js";

/** Whether a circle is one use case that locks rows of one table twice, with different strengths. */
export function isUpgrade({ edges, foreignKey }: LockCycle): boolean {
  const [side, ...others] = edges;
  return (
    !foreignKey && others.length === 0 && (side ?? []).every(({ held, wanted }) => held.stage.kind === "load" && held.lock !== wanted.lock)
  );
}
