import type { Problem } from "./finding.js";
import { keyOrderProblem } from "./key-order.js";
import type { DocumentKind } from "./language/language-schemas.js";
import type { SpecPath } from "./model.js";
import { structureProblem, textProblem } from "./problems.js";
import { checkStructure } from "./structure/check-structure.js";
import type { StructureFault } from "./structure/structure-fault.js";
import { type CutNames, namesInCuts } from "./yaml/cut-faults.js";
import { readYaml } from "./yaml/read-yaml.js";
import type { YamlDocument } from "./yaml/yaml-document.js";

/** A spec file, read and checked by itself. */
export interface ReadSpec {
  readonly kind: Exclude<DocumentKind, "config">;
  readonly document: YamlDocument;
  readonly problems: readonly Problem[];
  /** Where the value is not what the language says; the whole of it if the path is empty. */
  readonly damage: readonly SpecPath[];
  /** What in the value is not of the language. */
  readonly faults: readonly StructureFault[];
}

export function readSpec(kind: ReadSpec["kind"], file: string, source: Uint8Array | string): ReadSpec {
  return checkSpec(kind, readYaml(file, source));
}

/** Holds a file that has been read to the language. */
export function checkSpec(kind: ReadSpec["kind"], document: YamlDocument): ReadSpec {
  const { file } = document;
  const text = document.faults.map((fault) => textProblem(file, fault));
  if (document.value === undefined) return { kind, document, problems: text, damage: [[]], faults: [] };
  const faults = checkStructure(kind, document.value);
  const order = kind === "usecase" && faults.length === 0 && document.faults.length === 0 ? keyOrderProblem(document) : undefined;
  const cuts = namesInCuts(document);
  const structure = faults.filter(
    (fault) => !document.doubtful.some((doubtful) => startsWith(fault.path, doubtful)) && !cuts.some((cut) => isMadeBy(cut, fault)),
  );
  return {
    kind,
    document,
    problems: [...text, ...structure.map((fault) => structureProblem(file, fault)), ...(order === undefined ? [] : [order])],
    damage: [...((document.cuts ?? []).length > 0 ? [[]] : []), ...document.doubtful, ...faults.map(({ path }) => path)],
    faults,
  };
}

function startsWith(path: SpecPath, start: SpecPath): boolean {
  return start.every((step, index) => path[index] === step);
}

/** Whether something is missing only because it was cut out. */
function isMadeBy({ holders, own }: CutNames, { path, missing, unknown, suggestions }: StructureFault): boolean {
  // What was inside of brackets that are never closed is at the top now.
  if (unknown === true) return path.length === 1 && suggestions === undefined;
  const names = path.filter((step) => typeof step === "string");
  if (names.length > holders.length || !names.every((name, index) => name.replace(/\?$/, "") === holders[index])) return false;
  return names.length === holders.length ? missing === undefined || names.length > 0 || missing.some((name) => own.includes(name)) : false;
}
