import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";
import { expect, test } from "vitest";
import { loadProject } from "../../spec/load-project.js";
import { emitContext } from "../emitter.js";
import { emitters } from "../emitters/registry.js";
import { factsOf } from "../facts-of.js";
import { checkTemplate } from "./check-template.js";
import { handlebarsFill } from "./handlebars-fill.fixture.js";
import { parseOwnTemplates, readOwnTexts, templateNames, templateRoot } from "./read-templates.js";
import { createRenderer } from "./render.js";
import { namesOf, viewSamples } from "./view-samples.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const { project } = await loadProject({ cwd: repository });
const context = emitContext(project);
const facts = project.useCases.map((useCase) => factsOf(useCase, project));
const views = (
  await Promise.all(
    emitters.flatMap(({ each, all }) => [
      ...project.useCases.map((useCase) => each?.(useCase, context) ?? []),
      all?.(context, facts) ?? [],
    ]),
  )
).flat();

test("every template is listed, and every listed one is there and used", () => {
  const names = (folder: string) => readdirSync(new URL(folder, templateRoot)).map((file) => `${folder}/${file.replace(/\.hbs$/, "")}`);
  expect([...names("generated"), ...names("scaffold")]).toEqual([...templateNames.templates]);
  expect(names("partials")).toEqual([...templateNames.partials]);
  expect([...new Set(views.map(({ template }) => template))].sort()).toEqual([...templateNames.templates]);
});

test("every emitter is in the registry, in order", () => {
  const files = readdirSync(new URL("../emitters", import.meta.url)).filter((file) => file !== "registry.ts");
  expect(emitters.map(({ name }) => `${name}.ts`)).toEqual(files);
});

// Handlebars' strict mode takes a missing name in `#if` and `#each` for false: here it is a mistake.
test.each(templateNames.templates.map((name) => [name]))("every name in %s is in the sample of its view", async (template) => {
  const texts = await readOwnTexts();
  expect(checkTemplate(Handlebars, { template, texts, sample: viewSamples[template] ?? {} })).toEqual([]);
});

test.each(templateNames.templates.map((name) => [name]))("%s is filled as Handlebars fills it", async (name) => {
  const texts = await readOwnTexts();
  const { render } = createRenderer(await parseOwnTemplates());
  const fill = handlebarsFill(texts, name);
  for (const { template, view } of views) if (template === name) expect(render(name, view)).toBe(fill(view));
});

test.each(templateNames.templates.map((name) => [name]))("the sample of %s is what its views are", (name) => {
  const sample = namesOf(viewSamples[name] ?? {});
  const made = views.filter(({ template }) => template === name).map(({ view }) => view);
  const lists = (names: readonly string[]) => new Set(names.map((each) => each.replace(/\[\].*|\?$/, "")));
  for (const view of made) expect(lists(namesOf(view))).toEqual(lists(sample));
  // An empty list tells nothing of its elements: no spec here prepares anything.
  const found = new Set(made.flatMap((view) => namesOf(view)));
  expect(sample.filter((each) => !found.has(each) && !each.startsWith("prepare[]"))).toEqual([]);
});

const sample = { text: "", yes: true, list: [""], things: [{ name: "", parts: [""] }] };
const faultsOf = (text: string, partials: Readonly<Record<string, string>> = {}) =>
  checkTemplate(Handlebars, { template: "t", texts: new Map([["t", text], ...Object.entries(partials)]), sample }).map(
    ({ template, line, column, message, suggestions }) => `${template}:${line}:${column} ${message} ${suggestions.join("|")}`.trim(),
  );

test.each([
  "{{text}}{{#if yes}}{{text}}{{else}}{{./text}}{{/if}}{{~#unless text}} {{/unless}}{{!-- said --}}",
  "{{#each list}}{{this}}{{@index}}{{#unless @last}},{{/unless}}{{../text}}{{else}}none{{/each}}",
  "{{#each things}}{{name}}{{#each parts}}{{this}}{{../name}}{{../../text}}{{/each}}{{/each}}",
])("is a template: %s", (text) => {
  expect(faultsOf(text)).toEqual([]);
});

test.each([
  ["a\n  {{txet}}", "t:2:5 There is no name txet here. There is: text, yes, list, things. text"],
  ["{{#if txet}}{{/if}}", "t:1:7 There is no name txet here. There is: text, yes, list, things. text"],
  ["{{#each things}}{{nmae}}{{/each}}", "t:1:19 There is no name nmae here. There is: name, parts. name"],
  ["{{#each list}}{{#unless @lats}},{{/unless}}{{/each}}", "t:1:25 There is no @lats here. @last"],
  ["{{@index}}", "t:1:3 There is no @index here."],
  ["{{../text}}", "t:1:3 Nothing is around this: ../text leads out of the view."],
  ["{{constructor}}", "t:1:3 There is no name constructor here. There is: text, yes, list, things."],
  ["{{{text}}}", "t:1:1 Write two braces: no value is escaped here, all are code already."],
  ["{{&text}}", "t:1:1 Write two braces: no value is escaped here, all are code already."],
  ["{{list}}", "t:1:3 list is a list: go through it with {{#each list}}."],
  ["{{yes}}", "t:1:3 yes is yes or no: ask for it with {{#if yes}}."],
  ["{{#each things}}{{this}}{{/each}}", "t:1:19 this is no text, but has: name, parts."],
  ["{{#each text}}{{/each}}", "t:1:9 text is no list."],
  ["{{lookup things 0}}", "t:1:3 There is no helper lookup."],
  ["{{#eech list}}{{/eech}}", "t:1:4 There is no helper eech. each"],
  ["{{#if (not yes)}}{{/if}}", "t:1:7 A name stands here, and nothing else."],
  ["{{#each list as |one|}}{{/each}}", "t:1:4 {{#each}} takes one name."],
  ["{{> declartion}}", "t:1:5 There is no partial declartion. declaration"],
  ["{{> declaration text}}", "t:1:1 A partial takes no arguments: it sees what is around it."],
  ['{{#*inline "x"}}{{/inline}}', "t:1:1 Templates place values and partials; they define none."],
  ["{{#if yes}}\n{{/each}}", "t:1:4 It is no template: if doesn't match each."],
  ["a\nb {{text}", "t:2:1 It is no template: "],
])("is refused with its place: %s", (text, fault) => {
  expect(faultsOf(text, { "partials/declaration": "" })[0]).toContain(fault);
});

test("a partial is checked where it is placed, and not within itself", () => {
  expect(faultsOf("{{#each things}}{{> part}}{{/each}}", { "partials/part": "{{name}}{{text}}" })).toEqual([
    "partials/part:1:11 There is no name text here. There is: name, parts.",
  ]);
  expect(faultsOf("{{> part}}", { "partials/part": "{{> part}}" })).toEqual(["partials/part:1:5 The partial part places itself."]);
});
