import Handlebars from "handlebars";
import { expect, test } from "vitest";
import { handlebarsFill } from "./handlebars-fill.fixture.js";
import { parseTemplate } from "./parse-template.js";
import { createRenderer } from "./render.js";

const view = {
  text: '<a> & "b"',
  empty: "",
  yes: true,
  no: false,
  none: [],
  list: ["one", "two", "three"],
  things: [
    { name: "a", parts: ["1", "2"] },
    { name: "b", parts: [] },
  ],
};
const partial = "{{text}}\nsecond line\n";

test.each([
  ["texts and names", "a {{text}} {{empty}}{{./text}} \\{{text}} {{!-- said --}}b\n"],
  ["blanks taken away", "a  {{~text~}}  b\n{{#if yes~}}\n  c\n{{~/if}}\n"],
  ["a block on lines of its own", "a\n  {{#if yes}}\n  b\n  {{else}}\n  c\n  {{/if}}\nd\n"],
  ["what is asked", "{{#if yes}}1{{/if}}{{#if no}}2{{else}}3{{/if}}{{#if empty}}4{{/if}}{{#if none}}5{{/if}}{{#if missing}}6{{/if}}"],
  ["one after the other", "{{#if no}}1{{else if empty}}2{{else if yes}}3{{else}}4{{/if}}"],
  ["the contrary", "{{#unless yes}}1{{else}}2{{/unless}}{{#unless none}}3{{/unless}}{{#unless missing}}4{{/unless}}{{^if no}}5{{/if}}"],
  ["a list", "{{#each list}}\n  {{@index}} {{@key}} {{this}} {{.}}{{#unless @last}},{{/unless}}{{#if @first}} first{{/if}}\n{{/each}}\n"],
  ["an empty list", "{{#each none}}1{{else}}{{text}}{{/each}}{{#each missing}}2{{else}}3{{/each}}"],
  [
    "what is around",
    "{{#each things}}{{name}}{{#each parts}}{{this}}{{../name}}{{#if ../../yes}}{{../../text}}{{@../index}}{{/if}}{{/each}}{{/each}}",
  ],
  ["a partial", "a {{> part}} b\n  {{> part}}\n{{#each things}}\n{{#each parts}}\n    {{> inner}}\n{{/each}}\n{{/each}}\n"],
])("is filled as Handlebars fills it: %s", (_, text) => {
  const texts = new Map([
    ["t", text],
    ["partials/part", partial],
    ["partials/inner", "{{this}}{{@last}}\n"],
  ]);
  const parsed = new Map([...texts].map(([name, each]) => [name, parseTemplate(Handlebars, each)]));
  const filled = createRenderer(parsed).render("t", view);
  expect(filled).toBe(handlebarsFill(texts, "t")(view));
});

test("a name that the view does not have is our mistake, and so is a template that is not there", () => {
  const { render } = createRenderer(new Map([["t", parseTemplate(Handlebars, "{{mine}}{{> other}}")]]));
  expect(() => render("t", {})).toThrow("A template places mine, which its view does not have.");
  expect(() => render("t", { mine: "" })).toThrow("There is no template partials/other.");
});
