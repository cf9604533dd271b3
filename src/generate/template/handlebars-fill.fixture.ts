import Handlebars from "handlebars";

/** How Handlebars itself fills one of these templates. */
export function handlebarsFill(texts: ReadonlyMap<string, string>, template: string): (view: object) => string {
  const environment = Handlebars.create();
  const options = { strict: true, noEscape: true, preventIndent: true };
  for (const [name, text] of texts)
    if (name.startsWith("partials/")) environment.registerPartial(name.slice("partials/".length), environment.compile(text, options));
  return environment.compile(texts.get(template), options);
}
