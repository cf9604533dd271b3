import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Finding } from "../spec/finding.js";
import { ToolError } from "../spec/tool-error.js";

/** Committed with the specs: what is known and not yet repaired. */
export const baselineFile = ".usecase/lint-baseline.json";

interface Entry {
  readonly fingerprint: string;
  /** For people who read the file. */
  readonly rule: string;
  readonly file: string;
}

/**
 * The findings that the baseline does not list, and how many it does. `update` writes the baseline first: `all` findings
 * of the project, so that what is not looked at in this run stays known.
 * @throws ToolError when there is no baseline, or it is none
 */
export function withoutBaseline(
  findings: readonly Finding[],
  all: readonly Finding[],
  root: string,
  mode: "apply" | "update" | undefined,
): { readonly kept: readonly Finding[]; readonly known: number } {
  if (mode === undefined) return { kept: findings, known: 0 };
  const path = join(root, baselineFile);
  if (mode === "update") write(path, all);
  const known = read(path);
  const kept = findings.filter(({ fingerprint }) => !known.has(fingerprint));
  return { kept, known: findings.length - kept.length };
}

function write(path: string, findings: readonly Finding[]): void {
  const entries = findings.map(({ fingerprint, ruleId, file }): Entry => ({ fingerprint, rule: ruleId, file }));
  // One line each, in an order of their own: two branches that change it merge well.
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).sort();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `{\n  "version": 1,\n  "findings": [${lines.length > 0 ? `\n${lines.join(",\n")}\n  ` : ""}]\n}\n`);
}

function read(path: string): ReadonlySet<string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new ToolError("usage", `There is no baseline ${baselineFile}.`, { help: "Write it once with --baseline=update.", cause });
  }
  try {
    const { findings } = JSON.parse(text) as { readonly findings: readonly Entry[] };
    return new Set(findings.map(({ fingerprint }) => fingerprint));
  } catch (cause) {
    throw new ToolError("usage", `${baselineFile} is no baseline.`, { help: "Write it again with --baseline=update.", cause });
  }
}
