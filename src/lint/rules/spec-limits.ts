import type { Rule } from "../rule.js";

export const specLimits: Rule = {
  id: "spec/limits",
  severity: "error",
  required: true,
  subject: "files",
  summary: "a spec that is larger or deeper than one that a person would write",
  why: "Specs are input: one must not be able to use up the memory or the time of whoever reads it.",
  bad: { spec: `command:\n  orderId: uuid\n  odd: ${"[".repeat(70)}1${"]".repeat(70)}  # found here\n` },
  good: { spec: "command:\n  orderId: uuid\n" },
};
