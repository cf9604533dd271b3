import type { Problem } from "./finding.js";
import type { StructureFault } from "./structure/structure-fault.js";
import type { TextFault } from "./yaml/text-fault.js";

export function textProblem(file: string, { rule, message, start, end, help, related, fix }: TextFault): Problem {
  const at = (from: number, to: number) => ({ file, path: [], span: { start: from, end: to } });
  return {
    ruleId: rule,
    severity: "error",
    message,
    place: at(start, end),
    ...(help === undefined ? {} : { help }),
    ...(fix === undefined ? {} : { fix }),
    ...(related === undefined ? {} : { related: [{ message: related.message, place: at(related.start, related.end) }] }),
  };
}

export function structureProblem(file: string, { rule, message, path, on, help, suggestions }: StructureFault): Problem {
  return {
    ruleId: rule,
    severity: "error",
    message,
    place: { file, path, on },
    ...(help === undefined ? {} : { help }),
    ...(suggestions === undefined ? {} : { suggestions }),
  };
}
