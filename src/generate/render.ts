import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type HandlebarsModule from "handlebars";
import { packageFile } from "../spec/package-file.js";
import { ToolError } from "../spec/tool-error.js";

/** Fills templates by name: `generated/use-case`. */
export interface Renderer {
  render(template: string, view: object): string;
}

export const templateRoot = packageFile("templates/");

/** The templates and the partials that they share, by name. */
export const templateNames: { readonly templates: readonly string[]; readonly partials: readonly string[] } = {
  templates: [
    "generated/index",
    "generated/repository",
    "generated/type-validators",
    "generated/types",
    "generated/use-case",
    "generated/validator",
    "scaffold/handler",
    "scaffold/test",
  ],
  partials: ["declaration"],
};

/**
 * Reads and compiles the templates of this package. Templates place strings: `strict` refuses a name that the view does
 * not have, and nothing is escaped, because the views hold code that the encoders have made.
 */
export async function createRenderer(): Promise<Renderer> {
  const { default: Handlebars } = await import("handlebars");
  const environment: typeof HandlebarsModule = Handlebars.create();
  const options = { strict: true, noEscape: true, preventIndent: true };
  const read = async (name: string) => [name, await readTemplate(name)] as const;
  for (const [name, text] of await Promise.all(templateNames.partials.map((name) => read(`partials/${name}`)))) {
    environment.registerPartial(name.slice("partials/".length), environment.compile(text, options));
  }
  // Compiled when first used: a run that emits one kind of file pays for one template.
  const compiled = new Map(
    (await Promise.all(templateNames.templates.map(read))).map(([name, text]) => [name, environment.compile(text, options)]),
  );

  return {
    render(template, view) {
      const fill = compiled.get(template);
      if (fill === undefined) throw new ToolError("internal", `There is no template ${template}.`);
      return fill(view, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
    },
  };
}

/** The text of a template: `generated/use-case`, `partials/declaration`. */
export function readTemplate(name: string): Promise<string> {
  return readFile(fileURLToPath(new URL(`${name}.hbs`, templateRoot)), "utf8");
}
