import type { Problem } from "./finding.js";
import type { DocumentKind } from "./language/language-schemas.js";
import type { SpecPath } from "./model.js";
import { structureProblem, textProblem } from "./problems.js";
import { checkStructure } from "./structure/check-structure.js";
import { readYaml } from "./yaml/read-yaml.js";
import type { YamlDocument } from "./yaml/yaml-document.js";

/** A spec file, read and checked by itself. */
export interface ReadSpec {
  readonly kind: Exclude<DocumentKind, "config">;
  readonly document: YamlDocument;
  readonly problems: readonly Problem[];
  /** Where the value is not what the language says; the whole of it if the path is empty. */
  readonly damage: readonly SpecPath[];
}

export async function readSpec(kind: ReadSpec["kind"], file: string, source: Uint8Array | string): Promise<ReadSpec> {
  return checkSpec(kind, readYaml(file, source));
}

/** Holds a file that has been read to the language. */
export async function checkSpec(kind: ReadSpec["kind"], document: YamlDocument): Promise<ReadSpec> {
  const { file } = document;
  const text = document.faults.map((fault) => textProblem(file, fault));
  if (document.value === undefined) return { kind, document, problems: text, damage: [[]] };
  const faults = await checkStructure(kind, document.value);
  const structure = faults.filter(({ path }) => !document.doubtful.some((doubtful) => startsWith(path, doubtful)));
  return {
    kind,
    document,
    problems: [...text, ...structure.map((fault) => structureProblem(file, fault))],
    damage: [...document.doubtful, ...faults.map(({ path }) => path)],
  };
}

function startsWith(path: SpecPath, start: SpecPath): boolean {
  return start.every((step, index) => path[index] === step);
}
