import type { Declaration } from "../code/declaration.js";

const declaration: Declaration = { name: "", comment: [""], head: "", members: [""], end: "" };
const todo = { key: "", todo: "" };

/**
 * What each template is given, one of each: a text (code already, made by the encoders), a list (one element stands for
 * all), or `true` for what is asked with `#if`. Templates are checked against this, ours and those of users.
 */
export const viewSamples: Readonly<Record<string, object>> = {
  "generated/index": { specs: "", imports: [""], exports: [""], names: "", members: [""], useCases: "", tablesSchema: "" },
  "generated/repository": { source: "", imports: [""], declarations: [declaration], repository: "" },
  "generated/type-validators": { files: "", imports: [""], code: "" },
  "generated/types": { files: "", declarations: [declaration] },
  "generated/use-case": {
    spec: "",
    name: "",
    imports: [""],
    comment: [""],
    members: [""],
    declarations: [declaration],
    definition: "",
    useCaseType: "",
    handler: true,
    signature: "",
    bind: "",
    constant: "",
  },
  "generated/validator": { spec: "", name: "", imports: [""], code: "" },
  "scaffold/handler": { name: "", constant: "", imports: [""], summary: "", prepare: [todo], checks: [todo], todo: "" },
  "scaffold/test": { name: "", summary: "", refusals: [""] },
};

/** The names of a sample for a person: `spec`, `imports[]`, `declarations[].head`, `handler?`. */
export function namesOf(sample: object, prefix = ""): readonly string[] {
  return Object.entries(sample).flatMap(([name, value]: [string, unknown]): readonly string[] => {
    if (value === true) return [`${prefix}${name}?`];
    if (!Array.isArray(value)) return [`${prefix}${name}`];
    const [element] = value as readonly unknown[];
    return typeof element === "object" && element !== null ? namesOf(element, `${prefix}${name}[].`) : [`${prefix}${name}[]`];
  });
}
