import type { UseCase } from "./model.js";

/** Somebody has to write a handler: not for a query that needs no function of its file and whose result is computed. */
export function needsHandler({ kind, result, policies, prepare }: UseCase): boolean {
  const checks = policies !== "none" && (policies ?? []).some((policy) => policy.kind === "check");
  return kind === "action" || checks || prepare.length > 0 || result.some(({ from }) => from === undefined);
}
