import { ToolError } from "../../spec/tool-error.js";
import type { EmittedFile } from "../files/emitted-file.js";
import type { PlannedFile } from "../files/plan.js";

/**
 * What a user's template makes has to be TypeScript. Only what would be written is parsed: what is on disk already was.
 * @throws ToolError that names file, line and template
 */
export async function refuseBrokenOutput(emitted: readonly EmittedFile[], planned: readonly PlannedFile[]): Promise<void> {
  const overrides = new Map(emitted.flatMap(({ path, overrides }) => (overrides === undefined ? [] : [[path, overrides] as const])));
  const changed = planned.filter(({ path, status }) => status !== "unchanged" && overrides.has(path));
  if (changed.length === 0) return;
  const { syntaxError } = await import("../code/parse-typescript.js");
  const lines = changed.flatMap(({ path, after = "" }) => {
    const error = syntaxError(after);
    if (error === undefined) return [];
    const { line, column, message } = error;
    const shown = after.split("\n")[line - 1]?.trim() ?? "";
    return [`${path}:${line}:${column} ${message}\n    ${shown}\n  as ${overrides.get(path)?.join(" and ")} would make it`];
  });
  // Every use case has the same fault: a few say enough.
  const [more, few] = [lines.length - 3, lines.slice(0, 3)];
  if (lines.length > 0)
    throw new ToolError("config/invalid", [...few, ...(more > 0 ? [`and ${more} files more`] : [])].join("\n"), {
      help: "Nothing was written. Mend the template, or remove it to have ours again.",
    });
}
