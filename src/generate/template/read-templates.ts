import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type HandlebarsModule from "handlebars";
import { hasPlaces, readConfigDocument } from "../../spec/config/config-document.js";
import { isCompiled, packageFile } from "../../spec/package-file.js";
import { createSourceMap } from "../../spec/source-map.js";
import { nearest } from "../../spec/suggest.js";
import { ToolError } from "../../spec/tool-error.js";
import { checkTemplate, type TemplateFault } from "./check-template.js";
import { parseTemplate, type Template } from "./parse-template.js";
import { viewSamples } from "./view-samples.js";

/** The templates and the partials that they share, by name. */
export const templateNames: { readonly templates: readonly string[]; readonly partials: readonly string[] } = {
  templates: Object.keys(viewSamples),
  partials: ["partials/declaration"],
};

export const templateRoot = packageFile("templates/");

export interface Templates {
  /** Templates and partials, by name: `generated/use-case`, `partials/declaration`. */
  readonly parsed: ReadonlyMap<string, Template>;
  /** Templates that are the user's, or place a partial that is: with the files that they are made of. */
  readonly overridden: ReadonlyMap<string, readonly string[]>;
}

const ownNames = () => [...templateNames.templates, ...templateNames.partials];

/** The text of a template of ours: `generated/use-case`, `partials/declaration`. */
export function readTemplate(name: string): Promise<string> {
  return readFile(fileURLToPath(new URL(`${name}.hbs`, templateRoot)), "utf8");
}

/**
 * The templates of this package, and in their place those of the user's folder (relative to the root), all checked.
 * @throws ToolError when something is wrong with one of them: the message says where
 */
export async function readTemplates(project: {
  readonly root: string;
  readonly folder: string | undefined;
  /** The configuration that names the folder. */
  readonly config: string | undefined;
}): Promise<Templates> {
  const { root, folder, config } = project;
  if (folder === undefined) return { parsed: isCompiled ? await parsedByBuild() : await parseOwnTemplates(), overridden: new Map() };
  const theirs = await overrides(root, folder, config);
  const texts = new Map([...(await readOwnTexts()), ...theirs]);

  const { default: handlebars } = await import("handlebars");
  const faults: TemplateFault[] = [];
  const overridden = new Map<string, readonly string[]>();
  const placed = new Set<string>(templateNames.partials);
  for (const [template, sample] of Object.entries(viewSamples)) {
    const parts = new Set([template]);
    faults.push(...checkTemplate(handlebars, { template, texts, sample, used: (partial) => parts.add(partial) }));
    for (const part of parts) placed.add(part);
    const files = [...parts].filter((part) => theirs.has(part)).map((part) => `${folder}/${part}.hbs`);
    if (files.length > 0) overridden.set(template, files);
  }
  for (const template of theirs.keys()) {
    if (placed.has(template)) continue;
    const message = template.startsWith("partials/") ? "No template places this partial." : "There is no such template to override.";
    faults.push({ template, line: 1, column: 1, message, suggestions: nearest(template, ownNames()) });
  }
  refuse(faults, folder);
  return { parsed: parseAll(handlebars, texts), overridden };
}

/** The templates of this package; the build does this once for all runs. */
export async function parseOwnTemplates(): Promise<Templates["parsed"]> {
  const { default: handlebars } = await import("handlebars");
  return parseAll(handlebars, await readOwnTexts());
}

async function parsedByBuild(): Promise<Templates["parsed"]> {
  return new Map(JSON.parse(await readFile(packageFile("dist/generate/template/parsed.json"), "utf8")) as [string, Template][]);
}

/** The texts of ours, by name. */
export async function readOwnTexts(): Promise<ReadonlyMap<string, string>> {
  return new Map(await Promise.all(ownNames().map(async (name) => [name, await readTemplate(name)] as const)));
}

function parseAll(handlebars: typeof HandlebarsModule, texts: ReadonlyMap<string, string>): Templates["parsed"] {
  return new Map([...texts].map(([name, text]) => [name, parseTemplate(handlebars, text)]));
}

async function overrides(root: string, folder: string, config: string | undefined): Promise<ReadonlyMap<string, string>> {
  const files = await readdir(join(root, folder), { recursive: true }).catch(async (cause) => {
    const place = config === undefined ? "" : await placeOfTemplates(join(root, config));
    throw new ToolError("config/invalid", `${place}The folder ${folder} that \`templates\` names cannot be read.`, {
      help: "Make it, or copy a template into it with `usecase generate --eject generated/use-case`.",
      cause,
    });
  });
  const names = files.map((file) => file.replaceAll("\\", "/")).filter((file) => file.endsWith(".hbs"));
  const read = async (file: string) => {
    const text = await readFile(join(root, folder, file), "utf8");
    // As they were before a checkout on Windows or an editor.
    return [file.slice(0, -".hbs".length), text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n")] as const;
  };
  return new Map(await Promise.all(names.sort().map(read)));
}

/** `usecase.config.yaml:3:12 `; a module has no places. */
async function placeOfTemplates(file: string): Promise<string> {
  if (!hasPlaces(file)) return "";
  const document = await readConfigDocument(file);
  const { line, column } = createSourceMap([document]).locate({ file: document.file, path: ["templates"] });
  return `${document.file}:${line}:${column} `;
}

/** Each fault once: a partial is checked wherever it is placed. */
function refuse(faults: readonly TemplateFault[], folder: string): void {
  if (faults.length === 0) return;
  const lines = [...faults]
    .sort((a, b) => (a.template === b.template ? a.line - b.line || a.column - b.column : a.template < b.template ? -1 : 1))
    .map(({ template, line, column, message, suggestions }) => {
      const meant = suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(" or ")}?`;
      return `${folder}/${template}.hbs:${line}:${column} ${message}${meant}`;
    });
  throw new ToolError("config/invalid", [...new Set(lines)].join("\n"));
}
