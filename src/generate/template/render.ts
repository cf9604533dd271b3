import type HandlebarsModule from "handlebars";
import { ToolError } from "../../spec/tool-error.js";
import type { Templates } from "./read-templates.js";

/** Fills templates by name: `generated/use-case`. */
export interface Renderer {
  render(template: string, view: object): string;
}

/**
 * Compiles templates. They place strings: `strict` refuses a name that the view does not have, and nothing is escaped,
 * because the views hold code that the encoders have made.
 */
export async function createRenderer({ texts }: Pick<Templates, "texts">): Promise<Renderer> {
  const { default: Handlebars } = await import("handlebars");
  const environment: typeof HandlebarsModule = Handlebars.create();
  const options = { strict: true, noEscape: true, preventIndent: true };
  // Compiled when first used: a run that emits one kind of file pays for one template.
  const compiled = new Map([...texts].map(([name, text]) => [name, environment.compile(text, options)]));
  for (const [name, fill] of compiled) {
    if (name.startsWith("partials/")) environment.registerPartial(name.slice("partials/".length), fill);
  }

  return {
    render(template, view) {
      const fill = compiled.get(template);
      if (fill === undefined) throw new ToolError("internal", `There is no template ${template}.`);
      return fill(view, { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
    },
  };
}
