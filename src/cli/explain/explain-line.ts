import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { type GeneratedLine, specPlaceOf } from "../../explain/spec-place-of.js";
import { codeFrame } from "../../lint/reporters/code-frame.js";
import { createStyle } from "../../lint/reporters/style.js";
import { formatSpecPath } from "../../lint/spec-path.js";
import type { SourceRange } from "../../spec/finding.js";
import { type LoadedProject, loadProject } from "../../spec/load-project.js";
import { ToolError } from "../../spec/tool-error.js";
import { wantsColor } from "../color.js";
import type { CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";

/** Which line of a spec has made a line of generated code. */
export async function explainLine(io: Io, subject: string, options: CommonOptions & { readonly json?: boolean }): Promise<number> {
  const [, given = "", digits] = /^(.*?\.ts)(?::(\d+))?(?::\d+)?$/.exec(subject) ?? [];
  const path = resolve(io.cwd, given);
  if (!existsSync(path)) throw new ToolError("usage", `There is no file ${given}.`);
  const line = Number(digits ?? 1);
  const text = readFileSync(path, "utf8");
  const count = text.split("\n").length;
  if (line < 1 || line > count) throw new ToolError("usage", `${given} has ${count} lines; there is no line ${line}.`);

  const loaded = await loadProject({ cwd: io.cwd, ...(options.config !== undefined && { config: options.config }) });
  const { root } = loaded.project;
  const file = relative(root, path).split(sep).join("/");
  const found = specPlaceOf(loaded.project, file, text, line);
  if (found === undefined)
    throw new ToolError("usage", `${given} is not made from a spec of this project.`, {
      help: `Generated files are in ${loaded.project.config.out}.`,
    });
  const { range, source } = located(loaded, found);
  const shown = { ...range, file: relative(io.cwd, join(root, range.file)).split(sep).join("/") };
  const specPath = formatSpecPath(found.place.path);
  if (options.json) {
    const from = { file: shown.file, line: shown.line, column: shown.column, path: specPath };
    const own = found.own;
    io.stdout.write(`${JSON.stringify({ version: 1, file: given, line, useCase: found.useCase ?? null, own, from }, undefined, 2)}\n`);
    return exitCodes.fine;
  }
  const style = createStyle(wantsColor(io.stdout, io.env, options.color));
  const relation = found.own ? "is your own; it completes" : "is made from";
  const frame = source === undefined ? [] : codeFrame(source, [{ range, mark: "^", text: "", paint: style.green }], style);
  io.stdout.write(
    [
      `${given}:${line} ${relation} ${style.bold(`${shown.file}:${shown.line}:${shown.column}`)}  ${style.dim(specPath)}`,
      ...frame,
      "",
    ].join("\n"),
  );
  return exitCodes.fine;
}

/** In a spec by its path; in a module of the Drizzle schema by the export's name. */
function located({ project, sources }: LoadedProject, { place }: GeneratedLine): { range: SourceRange; source: string | undefined } {
  const source = sources.text(place.file);
  if (source !== undefined) return { range: sources.locate(place), source };
  const text = readFileSync(join(project.root, place.file), "utf8");
  const lines = text.split("\n");
  const name = String(place.path[0] ?? "");
  const at = Math.max(
    0,
    lines.findIndex((line) => new RegExp(`\\bexport\\b.*\\b${name}\\b`).test(line)),
  );
  const column = Math.max(0, (lines[at] ?? "").indexOf(name)) + 1;
  return { range: { file: place.file, line: at + 1, column, endLine: at + 1, endColumn: column + name.length }, source: text };
}
