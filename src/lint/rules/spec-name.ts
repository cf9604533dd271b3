import type { Rule } from "../rule.js";

export const specName: Rule = {
  id: "spec/name",
  severity: "error",
  required: true,
  subject: "files",
  summary: "a name that cannot be one in generated code, or that clashes with another",
  why: "Names become those of files, types and properties: reserved words, and two names that differ in case alone, do not work there.",
  bad: { spec: "command:\n  orderId: uuid\n  constructor: string  # found here\n" },
  good: { spec: "command:\n  orderId: uuid\n  builder: string\n" },
};
