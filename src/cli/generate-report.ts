import { relative, resolve, sep } from "node:path";
import type { FileReport, GenerateReport } from "../generate/generate-report.js";
import { createStyle, type Style } from "../lint/reporters/style.js";
import { wantsColor } from "./color.js";
import type { CommonOptions } from "./command.js";
import { exitCodes } from "./exit-codes.js";
import type { Io } from "./io.js";

interface Flags extends CommonOptions {
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly prune?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** What is said of a file: when it was written, and when it would be. */
const words: Readonly<Record<FileReport["status"], readonly [done: string, planned: string]>> = {
  create: ["created", "create"],
  update: ["updated", "update"],
  unchanged: ["unchanged", "unchanged"],
  edited: ["overwritten", "edited by hand"],
  orphan: ["removed", "no longer made"],
  left: ["removed", "remove"],
  abandoned: ["kept: edited by hand, and no longer made", "edited by hand, and no longer made"],
  extend: ["extended", "extend"],
  move: ["moved", "move"],
};

/** Prints what was (or would be) written and returns the exit code. */
export function printGenerateReport(
  io: Io,
  flags: Flags,
  { report, root }: { readonly report: GenerateReport; readonly root: string },
): number {
  const fromCwd = (file: string) => (root === io.cwd ? file : relative(io.cwd, resolve(root, file)).split(sep).join("/"));
  const path = (file: FileReport) => fromCwd(file.path);
  const notices = report.notices.map((notice) => ({ ...notice, file: fromCwd(notice.file) }));
  // A new file's diff is the whole file: only for those who ask.
  const withDiff = ({ status }: FileReport) =>
    flags.diff === true ||
    (status === "edited" && report.refused) ||
    ((status === "update" || status === "extend") && flags.check === true);
  if (flags.json === true) {
    const files = report.files.map((file) => ({
      path: path(file),
      kind: file.kind,
      status: file.status,
      ...(file.added !== undefined && { added: file.added }),
      ...(file.from !== undefined && { from: fromCwd(file.from) }),
      ...(withDiff(file) && { diff: file.diff }),
    }));
    io.stdout.write(
      `${JSON.stringify({ version: 1, files, notices, stale: report.stale, refused: report.refused, written: report.written }, undefined, 2)}\n`,
    );
  } else {
    const style = createStyle(wantsColor(io.stdout, io.env, flags.color));
    io.stdout.write(renderReport(report, { path, fromCwd, withDiff, style, flags }));
    for (const { file, line, column, message } of notices)
      io.stderr.write(`${style.bold(`${file}:${line}:${column}`)} ${style.yellow("notice")}  ${message}\n`);
  }
  if (report.formatFailure !== undefined) {
    const { message, help = "" } = report.formatFailure;
    io.stderr.write(`error: ${message}\n${report.written ? `${help}\n` : ""}`);
    return exitCodes.usage;
  }
  if (report.refused && flags.check !== true) {
    io.stderr.write("Nothing was written: files were edited by hand. Undo that, or overwrite it with --force.\n");
    return exitCodes.notOurs;
  }
  return flags.check === true && report.stale ? exitCodes.findings : exitCodes.fine;
}

interface RenderOptions {
  path(file: FileReport): string;
  fromCwd(file: string): string;
  withDiff(file: FileReport): boolean;
  readonly style: Style;
  readonly flags: Flags;
}

function renderReport({ files, written, refused }: GenerateReport, { path, fromCwd, withDiff, style, flags }: RenderOptions): string {
  const more = ({ added, from }: FileReport) =>
    `${added === undefined ? "" : `: ${added.join(", ")}`}${from === undefined ? "" : ` (was ${fromCwd(from)})`}`;
  const shown = files.filter(({ status }) => status !== "unchanged" && (!refused || status === "edited"));
  // An orphan is removed only when asked to.
  const wordOf = ({ status }: FileReport) => words[status][written && (status !== "orphan" || flags.prune === true) ? 0 : 1];
  const lines = shown.flatMap((file) => [
    `${style.bold(wordOf(file))}  ${path(file)}${more(file)}`,
    ...(withDiff(file) && file.diff !== "" ? [colorDiff(file.diff, style)] : []),
  ]);
  const summary = flags.quiet === true || refused ? [] : [`${style.green("✔")} ${summaryOf(files, wordOf)}`];
  return [...lines, ...summary].map((line) => `${line}\n`).join("");
}

function summaryOf(files: readonly FileReport[], wordOf: (file: FileReport) => string): string {
  const changed = files.filter(({ status }) => status !== "unchanged");
  if (changed.length === 0) return `${files.length} files are current.`;
  const counts = new Map<string, number>();
  for (const file of changed) counts.set(wordOf(file), (counts.get(wordOf(file)) ?? 0) + 1);
  const unchanged = files.length - changed.length;
  return `${[...counts].map(([word, count]) => `${word}: ${count}`).join(", ")}; unchanged: ${unchanged}.`;
}

function colorDiff(diff: string, style: Style): string {
  return diff
    .trimEnd()
    .split("\n")
    .map((line) =>
      line.startsWith("+") ? style.green(line) : line.startsWith("-") ? style.red(line) : line.startsWith("@@") ? style.blue(line) : line,
    )
    .join("\n");
}
