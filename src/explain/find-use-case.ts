import { relative, resolve, sep } from "node:path";
import type { Project, UseCase } from "../spec/model.js";
import { pascalCase } from "../spec/names.js";
import { nearest } from "../spec/suggest.js";
import { ToolError } from "../spec/tool-error.js";

/**
 * A use case by its name (in any case), or by its spec's file, relative to `cwd`.
 * @throws ToolError (exit code 2) when there is none; `others` are further names that may have been meant.
 */
export function findUseCase({ root, useCases }: Project, subject: string, cwd: string, others: readonly string[] = []): UseCase {
  const file = relative(root, resolve(cwd, subject)).split(sep).join("/");
  const found = useCases.find(({ name, file: spec }) => name === subject || name === pascalCase(subject) || spec === file);
  if (found !== undefined) return found;
  const names = useCases.map(({ name }) => name);
  const [best] = nearest(subject, [...names, ...others]);
  const list = names.length > 12 ? `${names.slice(0, 12).join(", ")}, …` : names.join(", ");
  throw new ToolError("usage", `There is no use case "${subject}".`, {
    help: best === undefined ? `There are ${list}.` : `Did you mean ${best}?`,
  });
}
