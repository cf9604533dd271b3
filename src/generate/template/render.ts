import { ToolError } from "../../spec/tool-error.js";
import type { Path, Template } from "./parse-template.js";

/** Fills templates by name: `generated/use-case`. */
export interface Renderer {
  render(template: string, view: object): string;
}

/** What a name is looked up in: the view, or the element that an `#each` is at. */
interface Scope {
  readonly context: unknown;
  readonly outer?: Scope;
  readonly index: number;
  readonly isLast: boolean;
}

/**
 * Fills templates as Handlebars would, in less time: they do only what `checkTemplate` knows. Nothing is escaped, because
 * views hold code that the encoders have made.
 *
 * @param templates and the partials that they place, by name
 */
export function createRenderer(templates: ReadonlyMap<string, Template>): Renderer {
  return { render: (template, context) => filled(find(template), { context, index: 0, isLast: true }) };

  function find(name: string): Template {
    const template = templates.get(name);
    if (template === undefined) throw new ToolError("internal", `There is no template ${name}.`);
    return template;
  }

  function filled(template: Template, scope: Scope): string {
    let text = "";
    for (const part of template) {
      if (typeof part === "string") text += part;
      else if ("value" in part) text += textAt(part.value, scope);
      else if ("partial" in part) text += filled(find(part.partial), scope);
      else {
        const subject = valueAt(part.subject, scope);
        const isEmpty = !subject || (Array.isArray(subject) && subject.length === 0);
        if (isEmpty !== (part.block === "unless")) text += filled(part.otherwise, scope);
        else if (part.block === "each") text += each(part.body, subject as readonly unknown[], scope);
        else text += filled(part.body, scope);
      }
    }
    return text;
  }

  function each(body: Template, elements: readonly unknown[], outer: Scope): string {
    let text = "";
    for (const [index, context] of elements.entries())
      text += filled(body, { context, outer, index, isLast: index === elements.length - 1 });
    return text;
  }
}

function textAt(path: Path, scope: Scope): string {
  const value = valueAt(path, scope);
  if (value === undefined) throw new ToolError("internal", `A template places ${path.names.join(".")}, which its view does not have.`);
  return String(value);
}

function valueAt({ outward, names, isData }: Path, scope: Scope): unknown {
  let from = scope;
  for (let depth = 0; depth < outward; depth++) from = from.outer ?? from;
  if (isData) return dataOf(from, names[0]);
  let value = from.context;
  for (const name of names) value = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  return value;
}

function dataOf({ index, isLast }: Scope, name: string | undefined): unknown {
  if (name === "first") return index === 0;
  return name === "last" ? isLast : index;
}
