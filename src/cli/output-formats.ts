import type { Reporter } from "../lint/reporters/reporter.js";
import { nearest } from "../spec/suggest.js";
import { ToolError } from "../spec/tool-error.js";

/** A form of output, and the file that it goes to; undefined: standard output. */
export interface OutputFormat {
  readonly reporter: Reporter;
  readonly file: string | undefined;
}

/**
 * Reads the values of `--format`, e.g. `text` and `json=build/lint.json`.
 * @throws ToolError for a form that does not exist, and for two that both go to standard output.
 */
export function parseOutputFormats(values: readonly string[], reporters: readonly Reporter[]): readonly OutputFormat[] {
  const formats = values.map((value): OutputFormat => {
    const [name = "", ...rest] = value.split("=");
    const reporter = reporters.find((known) => known.name === name);
    const names = reporters.map((known) => known.name);
    const [best] = nearest(name, names);
    if (reporter === undefined)
      throw new ToolError("usage", `There is no format "${name}".`, {
        help: best === undefined ? `The formats are ${names.join(", ")}.` : `Did you mean ${best}?`,
      });
    const file = rest.length === 0 ? undefined : rest.join("=");
    if (file === "") throw new ToolError("usage", `--format ${value} names no file.`, { help: `Write --format ${name}=<file>.` });
    return { reporter, file };
  });
  if (formats.filter(({ file }) => file === undefined).length > 1)
    throw new ToolError("usage", "Two formats go to standard output.", { help: "Give all but one a file: --format json=lint.json." });
  return formats;
}
