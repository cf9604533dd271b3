import type { Rule } from "../rule.js";

export const specFileName: Rule = {
  id: "spec/file-name",
  severity: "error",
  subject: "files",
  summary: "a file whose name does not say what it holds",
  why: "Whoever looks for a use case finds it by its name.",
  bad: {
    files: {
      "ship.machine.yaml":
        "machine: Parcel  # found here\ntable: orders\nfield: status\ninitial: draft\nstates:\n  draft: { on: { pay: paid } }\n  paid: { on: { ship: shipped } }\n  shipped: { type: final }\n",
    },
  },
  good: {},
};
