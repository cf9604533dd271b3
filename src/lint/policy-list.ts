import type { Policy, UseCase } from "../spec/model.js";

/** The policies of a use case; none where it says `none` or nothing. */
export function policyList({ policies }: UseCase): readonly Policy[] {
  return policies === undefined || policies === "none" ? [] : policies;
}
