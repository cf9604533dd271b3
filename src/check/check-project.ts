import { relative, resolve, sep } from "node:path";
import { checkHandlers } from "../generate/check-handlers.js";
import { generate } from "../generate/generate.js";
import type { FileReport, GenerateReport } from "../generate/generate-report.js";
import { planMigration } from "../generate/migrations.js";
import { lintLoaded } from "../lint/lint-project.js";
import { countSeverities, type LintReport } from "../lint/report.js";
import type { Finding } from "../spec/finding.js";
import type { LoadedProject } from "../spec/load-project.js";
import { finding } from "./finding.js";

/** What is checked, in this order. */
export const checkParts = ["lint", "output", "handlers", "migrations"] as const;
export type CheckPart = (typeof checkParts)[number];

export interface CheckReport extends LintReport {
  readonly parts: readonly CheckedPart[];
}

export interface CheckedPart {
  readonly name: CheckPart;
  /** `skipped`: there are lint errors, so that nothing can be generated to compare with. */
  readonly status: "fine" | "failed" | "skipped";
  /** `31 files are current`, `2 of 31 files are stale` */
  readonly summary: string;
}

/**
 * All that must hold before a project is shipped: its specs lint, its generated code, its handlers and the migration of
 * our tables are what the specs make now. Writes nothing.
 */
export async function checkProject(loaded: LoadedProject, cwd: string, only: readonly CheckPart[] = checkParts): Promise<CheckReport> {
  const start = performance.now();
  const wanted = checkParts.filter((part) => only.includes(part));
  const lint = await lintLoaded(loaded, { cwd });
  const sound = lint.summary.errors === 0;
  const report = sound && (wanted.includes("output") || wanted.includes("handlers")) ? await generate(loaded, { check: true }) : undefined;
  const from = (file: string) => relative(cwd, resolve(loaded.project.root, file)).split(sep).join("/");

  const findings: Finding[] = [];
  const parts: CheckedPart[] = [];
  for (const name of wanted) {
    const { found, summary } = await lookAt(name, { lint, report, loaded });
    const placed = name === "lint" ? found : found.map((each) => ({ ...each, file: from(each.file) }));
    const failed = placed.some(({ severity }) => severity === "error");
    findings.push(...placed);
    const skipped = !sound && (name === "output" || name === "handlers");
    parts.push({ name, status: skipped ? "skipped" : failed ? "failed" : "fine", summary });
  }
  // Why something was skipped belongs to the answer, whatever was asked for.
  if (parts.some(({ status }) => status === "skipped") && !wanted.includes("lint")) findings.unshift(...lint.findings);
  return {
    parts,
    findings,
    summary: { files: lint.summary.files, ...countSeverities(findings), fixed: 0, durationMs: Math.round(performance.now() - start) },
    source: lint.source,
  };
}

interface Looked {
  readonly found: readonly Finding[];
  readonly summary: string;
}

async function lookAt(
  part: CheckPart,
  { lint, report, loaded }: { readonly lint: LintReport; readonly report: GenerateReport | undefined; readonly loaded: LoadedProject },
): Promise<Looked> {
  const { root, config } = loaded.project;
  if (part === "lint") {
    const { errors, warnings, files } = lint.summary;
    return { found: lint.findings, summary: `${counted(files, "file")}, ${counted(errors, "error")}, ${counted(warnings, "warning")}` };
  }
  if (part === "migrations") {
    if (config.tables.migrations === "none") return { found: [], summary: "not looked at: the tables come some other way" };
    const migration = await planMigration(root, config);
    if (migration === undefined) return { found: [], summary: `${config.migrations} has the tables of this version` };
    const message = `The migration ${migration.tag} of usecasecore's tables is missing.`;
    const file = `${config.migrations}/${migration.tag}.sql`;
    return {
      found: [finding({ rule: "check/migrations", file, message, help: "`usecase generate` writes it." })],
      summary: `${migration.tag} is missing`,
    };
  }
  if (report === undefined) return { found: [], summary: "not looked at: specs with errors make no code" };
  const ofPart = (file: FileReport) => (part === "handlers" ? file.kind === "scaffold" : file.kind === "generated");
  const files = report.files.filter(ofPart);
  const stale = files.flatMap((file) => staleFile(file, part));
  const noticed = part === "handlers" ? await handlerFaults(loaded, stale) : [];
  const wrong = new Set([...stale, ...noticed].map(({ file }) => file));
  const found = [...stale, ...noticed].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  const summary =
    wrong.size === 0 ? `${counted(files.length, "file")}, all current` : `${wrong.size} of ${counted(files.length, "file")} not current`;
  return { found, summary };
}

/** What keeps a handler from being what its spec asks for, beyond what `generate` would add. */
async function handlerFaults({ project }: LoadedProject, stale: readonly Finding[]): Promise<readonly Finding[]> {
  const told = new Set(stale.map(({ file }) => file));
  const notices = await checkHandlers(project);
  return notices
    .filter(({ kind, file }) => kind !== "missing" || !told.has(file))
    .map(({ file, line, column, message }) =>
      finding({
        rule: "check/handlers",
        file,
        line,
        column,
        message,
        help: "A handler is yours: `usecase generate` adds to it, and removes nothing.",
      }),
    );
}

const sayings: Readonly<Partial<Record<FileReport["status"], readonly [message: string, help: string]>>> = {
  create: ["The file is missing.", "`usecase generate` writes it."],
  update: ["The file is not what the specs make now.", "`usecase generate` writes it; `usecase generate --check` shows the difference."],
  edited: ["The file was edited by hand.", "Undo that, or overwrite it with `usecase generate --force`."],
  left: ["The file is in a folder that `out` no longer names.", "`usecase generate` removes it."],
  orphan: ["No spec makes this file any more.", "`usecase generate --prune` removes it."],
};

function staleFile({ path, status, added = [] }: FileReport, part: CheckPart): readonly Finding[] {
  if (status === "extend") {
    const message = `The spec asks for what the handler lacks: ${added.join(", ")}.`;
    return [finding({ rule: `check/${part}`, file: path, message, help: "`usecase generate` adds it." })];
  }
  const [message, help] = sayings[status] ?? [];
  return message === undefined || help === undefined ? [] : [finding({ rule: `check/${part}`, file: path, message, help })];
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
