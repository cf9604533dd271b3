import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";
import { expect, test } from "vitest";
import { loadProject } from "../spec/load-project.js";
import { emitContext } from "./emitter.js";
import { emitters } from "./emitters/registry.js";
import { readTemplate, templateNames, templateRoot } from "./render.js";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const { project } = await loadProject({ cwd: repository });
const views = (await Promise.all(emitters.map(({ emit }) => emit(emitContext(project))))).flat();

test("every template is listed, and every listed one is there and used", () => {
  const names = (folder: string) => readdirSync(new URL(folder, templateRoot)).map((file) => `${folder}/${file.replace(/\.hbs$/, "")}`);
  expect([...names("generated"), ...names("scaffold")]).toEqual([...templateNames.templates]);
  expect(names("partials")).toEqual(templateNames.partials.map((name) => `partials/${name}`));
  expect([...new Set(views.map(({ template }) => template))].sort()).toEqual([...templateNames.templates]);
});

test("every emitter is in the registry, in order", () => {
  const files = readdirSync(new URL("./emitters", import.meta.url)).filter((file) => file !== "registry.ts");
  expect(emitters.map(({ name }) => `${name}.ts`)).toEqual(files);
});

// Handlebars' strict mode takes a missing name in `#if` and `#each` for false: here it is a mistake.
test.each(templateNames.templates.map((name) => [name]))("every name in %s is in its views", async (name) => {
  const program = Handlebars.parse(await readTemplate(name));
  const partials = new Map(
    await Promise.all(
      templateNames.partials.map(async (each) => [each, Handlebars.parse(await readTemplate(`partials/${each}`))] as const),
    ),
  );
  const found = views.filter(({ template }) => template === name).flatMap(({ view }) => missing(program.body, view, partials));
  expect(found).toEqual([]);
});

test("a name that no view has is found", () => {
  const { body } = Handlebars.parse("{{a}}{{#each list}}{{b}}{{c}}{{/each}}{{#if d}}{{a}}{{/if}}{{#unless @last}}{{e}}{{/unless}}");
  expect(missing(body, { a: 1, list: [{ b: 1 }] }, new Map())).toEqual(["c", "d", "e"]);
});

/** The names that a template asks of a view which does not have them. */
function missing(body: readonly hbs.AST.Statement[], view: unknown, partials: ReadonlyMap<string, hbs.AST.Program>): readonly string[] {
  const has = (path: hbs.AST.PathExpression) =>
    path.data || path.original === "this" || (typeof view === "object" && view !== null && path.original in view);
  const check = (expression: hbs.AST.Expression) => (isPath(expression) && !has(expression) ? [expression.original] : []);
  return body.flatMap((statement): readonly string[] => {
    if (isMustache(statement)) return isPath(statement.path) ? check(statement.path) : [];
    if (isPartial(statement)) return missing(partials.get((statement.name as hbs.AST.PathExpression).original)?.body ?? [], view, partials);
    if (!isBlock(statement)) return [];
    const [subject] = statement.params;
    if (subject === undefined) throw new Error(`${statement.path.original} needs a name.`);
    const inside = [...(statement.program?.body ?? []), ...(statement.inverse?.body ?? [])];
    if (statement.path.original !== "each") return [...check(subject), ...missing(inside, view, partials)];
    const elements = check(subject).length === 0 && isPath(subject) ? (view as Record<string, readonly unknown[]>)[subject.original] : [];
    return [...check(subject), ...(elements ?? []).flatMap((element) => missing(inside, element, partials))];
  });
}

const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === "PathExpression";
const isMustache = (node: hbs.AST.Node): node is hbs.AST.MustacheStatement => node.type === "MustacheStatement";
const isPartial = (node: hbs.AST.Node): node is hbs.AST.PartialStatement => node.type === "PartialStatement";
const isBlock = (node: hbs.AST.Node): node is hbs.AST.BlockStatement => node.type === "BlockStatement";
