import type { Finding } from "../../spec/finding.js";
import type { LintReport } from "../report.js";
import { codeFrame, type Label } from "./code-frame.js";
import { displayWidth, visible } from "./display-text.js";
import type { Reporter } from "./reporter.js";
import { createStyle, type Style } from "./style.js";
import { didYouMean } from "./suggestion.js";

/** For people: each finding with the lines it is about. */
export const textReporter: Reporter = {
  name: "text",
  summary: "for people, with the lines of the spec (the default)",
  render(report, { color, columns }) {
    const style = createStyle(color);
    const blocks = report.findings.map((finding) => renderFinding(finding, report, style, columns));
    return [...blocks, `${renderSummary(report, style)}\n`].join("\n");
  },
};

function renderFinding(finding: Finding, report: LintReport, style: Style, columns: number | undefined): string {
  const { file, line, column, severity, message, ruleId, suggestions, help, related } = finding;
  const paint = severity === "error" ? style.red : style.yellow;
  const words: readonly Word[] = [
    { text: `${visible(file)}:${line}:${column}`, paint: style.bold },
    { text: severity, paint },
    ...wordsOf(` ${visible(message)}`),
    { text: ` ${ruleId}`, paint: style.dim },
  ];
  const head = wrapped(words, columns, 4);

  const primary: Label = { range: finding, mark: "^", text: suggestions.length > 0 ? didYouMean(suggestions) : "", paint };
  const labels: readonly Label[] = [
    primary,
    ...related.map((range): Label => ({ range, mark: "-", text: range.message, paint: style.blue })),
  ];
  const files = [...new Set(labels.map(({ range }) => range.file))];
  const frames = files.flatMap((name) => {
    const source = report.source(name);
    const ofFile = labels.filter(({ range }) => range.file === name);
    const title = name === file ? [] : [`  ${style.bold(`${visible(name)}:${ofFile[0]?.range.line}:${ofFile[0]?.range.column}`)}`];
    if (source === undefined) return [...title, ...ofFile.filter(({ text }) => text !== "").map(({ text }) => `      = ${visible(text)}`)];
    return [...title, ...codeFrame(source, ofFile, style, columns)];
  });
  const advice =
    help === undefined
      ? []
      : [
          `      ${wrapped([{ text: "=", paint: style.dim }, ...wordsOf(visible(help))], columns === undefined ? columns : columns - 6, 8)}`,
        ];
  return `${[head, ...frames, ...advice].join("\n")}\n`;
}

interface Word {
  readonly text: string;
  paint?(text: string): string;
}

const wordsOf = (text: string): readonly Word[] => text.split(/(?<=\S) /).map((word) => ({ text: word }));

/** Words on a line, on several where the terminal is too narrow. */
function wrapped(words: readonly Word[], columns: number | undefined, indent: number): string {
  let width = 0;
  return words
    .map(({ text, paint = (plain) => plain }, index) => {
      const breaks = index > 0 && columns !== undefined && width + 1 + displayWidth(text) > columns;
      const shown = breaks ? text.trimStart() : text;
      width = (breaks ? indent : width + (index > 0 ? 1 : 0)) + displayWidth(shown);
      return `${breaks ? `\n${" ".repeat(indent)}` : index > 0 ? " " : ""}${paint(shown)}`;
    })
    .join("");
}

function renderSummary({ summary, findings }: LintReport, style: Style): string {
  const files = counted(summary.files, "file");
  const known = summary.known === undefined ? "" : ` ${style.dim(`(The baseline lists ${counted(summary.known, "more finding")}.)`)}`;
  const fixed = summary.fixed > 0 ? `${style.green(`Fixed ${counted(summary.fixed, "mistake")}.`)} ` : "";
  if (findings.length === 0) return `${fixed}${style.green("✔")} ${files}: nothing found.${known}`;
  const parts = [
    ...(summary.errors > 0 ? [style.red(counted(summary.errors, "error"))] : []),
    ...(summary.warnings > 0 ? [style.yellow(counted(summary.warnings, "warning"))] : []),
  ];
  const fixable = findings.filter((finding) => finding.fixable).length;
  const advice = fixable > 0 ? `; --fix repairs ${fixable}` : "";
  return `${fixed}${parts.join(" and ")} in ${files}${advice}.${known}`;
}

/** By hand: the first number that Node formats costs a short run a tenth of its time. */
const grouped = (count: number) => String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
const counted = (count: number, noun: string) => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
