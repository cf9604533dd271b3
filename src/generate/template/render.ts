import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type HandlebarsModule from "handlebars";
import { isCompiled, packageFile } from "../../spec/package-file.js";
import { ToolError } from "../../spec/tool-error.js";
import type { Templates } from "./read-templates.js";

const require = createRequire(import.meta.url);

/** Fills templates by name: `generated/use-case`. */
export interface Renderer {
  render(template: string, view: object): string;
}

/**
 * Compiles templates; those that are ours the build has compiled. They place strings: `strict` refuses a name that the
 * view does not have, and nothing is escaped, because the views hold code that the encoders have made.
 */
export async function createRenderer({ texts }: Pick<Templates, "texts">): Promise<Renderer> {
  const known = ours();
  const codeOf = ([name, text]: readonly [string, string]) => (known[name]?.text === text ? known[name].code : undefined);
  const isOurs = [...texts].every((entry) => codeOf(entry) !== undefined);
  const { default: Handlebars } = (await (isOurs ? import("handlebars/runtime.js") : import("handlebars"))) as {
    readonly default: typeof HandlebarsModule;
  };
  const environment = Handlebars.create();
  // Compiled when first used: a run that emits one kind of file pays for one template.
  const compiled = new Map(
    [...texts].map((entry) => {
      const code = codeOf(entry);
      return [entry[0], code === undefined ? environment.compile(entry[1], compileOptions) : environment.template(code)];
    }),
  );
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

export const compileOptions = { strict: true, noEscape: true, preventIndent: true };

interface Precompiled {
  readonly text: string;
  readonly code: TemplateSpecification;
}

/** What the build has compiled, by name; nothing where the sources themselves run. */
function ours(): Readonly<Record<string, Precompiled>> {
  return isCompiled ? require(fileURLToPath(packageFile("dist/generate/template/precompiled.cjs"))) : {};
}
