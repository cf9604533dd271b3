import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nearest } from "../../spec/suggest.js";
import { ToolError } from "../../spec/tool-error.js";
import { safePath } from "../files/safe-path.js";
import { readTemplate, templateNames } from "./read-templates.js";
import { namesOf, viewSamples } from "./view-samples.js";

/**
 * Copies a template into the user's folder, where it then takes the place of ours; returns its path, relative to the
 * root. The copy begins with the names that it may use.
 * @throws ToolError when there is no such template, no folder for it, or it is there already
 */
export async function ejectTemplate(root: string, folder: string | undefined, template: string): Promise<string> {
  const names = [...templateNames.templates, ...templateNames.partials];
  const name = template.replace(/\.hbs$/, "");
  if (!names.includes(name)) {
    const [meant] = nearest(name, names);
    throw new ToolError("usage", `There is no template ${template}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`, {
      help: `Templates: ${names.join(", ")}.`,
    });
  }
  if (folder === undefined)
    throw new ToolError("config/invalid", "The configuration names no folder for templates.", {
      help: "Say where yours are to be, for example `templates: usecase-templates`.",
    });
  const path = `${folder}/${name}.hbs`;
  const target = await safePath(root, folder, path);
  await mkdir(dirname(join(root, path)), { recursive: true });
  const sample = viewSamples[name];
  const note = sample === undefined ? "" : `{{!-- May use, all of it code already: ${namesOf(sample).join(", ")} --}}\n`;
  try {
    await writeFile(target, `${note}${await readTemplate(name)}`, { flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new ToolError("files/not-ours", `${path} is there already; it is yours, and is not overwritten.`, { cause });
  }
  return path;
}
