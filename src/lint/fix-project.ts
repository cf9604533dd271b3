import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { applyFixes } from "./apply-fixes.js";
import { type LintProjectOptions, lintProject } from "./lint-project.js";
import type { LintReport } from "./report.js";

export interface FixedProject {
  /** After the fixes. */
  readonly report: LintReport;
  /** By path relative to `cwd`. */
  readonly changes: readonly { readonly file: string; readonly before: string; readonly after: string }[];
}

/** One repair may uncover another: a key that is spelt right has a value that is looked at. */
const mostRounds = 5;

/**
 * Lints a project and repairs what has one certain repair, until nothing more does. `dryRun` writes nothing: the report
 * is what it would be.
 * @throws ToolError as `lintProject` does
 */
export async function fixProject(options: LintProjectOptions, { dryRun }: { readonly dryRun: boolean }): Promise<FixedProject> {
  const before = new Map<string, string>();
  const after = new Map<string, string>();
  let fixed = 0;
  for (let round = 0; ; round++) {
    const texts = dryRun ? after : undefined;
    const report = await lintProject({ ...options, ...(texts !== undefined && { texts }) });
    const changed = round === mostRounds ? 0 : fixRound(report);
    fixed += changed;
    if (changed > 0) continue;
    const changes = [...after].map(([file, text]) => ({ file, before: before.get(file) ?? "", after: text }));
    return { report: { ...report, summary: { ...report.summary, fixed } }, changes };
  }

  function fixRound(report: LintReport): number {
    let count = 0;
    for (const file of new Set(report.findings.map((finding) => finding.file))) {
      const text = report.source(file);
      const findings = report.findings.filter((finding) => finding.file === file && finding.fixable);
      if (text === undefined || findings.length === 0) continue;
      const result = applyFixes(file, text, findings);
      if (result.fixed === 0 || (!dryRun && !replaceFile(resolve(options.cwd, file), text, result.text))) continue;
      if (!before.has(file)) before.set(file, text);
      after.set(file, result.text);
      count += result.fixed;
    }
    return count;
  }
}

/** Writes beside the file and renames; nothing where the file is no longer what was looked at. */
function replaceFile(path: string, expected: string, text: string): boolean {
  const current = readFileSync(path, "utf8");
  const mark = current.startsWith("\ufeff") ? "\ufeff" : "";
  if (current !== mark + expected) return false;
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, mark + text, { mode: statSync(path).mode });
  renameSync(temporary, path);
  return true;
}
