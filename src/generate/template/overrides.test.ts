import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { changed, noteLine, smallProject } from "../../testing/server/fixtures/small-project.js";
import { ejectTemplate } from "./eject-template.js";
import { templateNames } from "./read-templates.js";

const { root, write, read, edit, restore, run } = smallProject({ "usecase.config.yaml": "schema: schema.ts\ntemplates: mine\n" });
const { code } = noteLine;

beforeEach(async () => {
  rmSync(join(root, "mine"), { recursive: true, force: true });
  mkdirSync(join(root, "mine"));
  restore();
  await run();
});

test("every ejected template makes what ours makes", async () => {
  for (const name of [...templateNames.templates, ...templateNames.partials])
    expect(await ejectTemplate(root, "mine", name)).toBe(`mine/${name}.hbs`);
  expect(changed(await run())).toEqual([]);
});

test("a changed template changes what it makes, and a removed one gives back ours", async () => {
  const before = read(code);
  await ejectTemplate(root, "mine", "generated/use-case");
  await run();
  edit("mine/generated/use-case.hbs", "DO NOT EDIT.", "DO NOT EDIT.\n// Ours: {{name}}");
  expect(changed(await run())).toEqual([`update ${code}`]);
  expect(read(code)).toContain("DO NOT EDIT.\n// Ours: NoteLine\n");
  rmSync(join(root, "mine/generated/use-case.hbs"));
  expect(changed(await run())).toEqual([`update ${code}`]);
  expect(read(code)).toBe(before);
});

test("a partial of the user's own may be placed, and a partial of ours overridden", async () => {
  write("mine/partials/licence.hbs", "// © us\r\n");
  write("mine/generated/index.hbs", "{{> licence}}\n{{names}}\n");
  write("mine/partials/declaration.hbs", "// {{name}}\n");
  expect(changed(await run())).toEqual([
    "update src/usecases/index.gen.ts",
    `update ${code}`,
    "update src/usecases/repositories/logs.gen.ts",
  ]);
  expect(read("src/usecases/index.gen.ts")).toBe("// © us\nexport { noteLine };\n");
});

test("every mistake of every template is named with its place, and nothing is written", async () => {
  const before = read(code);
  write("mine/generated/use-case.hbs", "// {{spce}}\n{{#each imports}}{{{this}}}{{/each}}{{> declartion}}\n");
  write("mine/generated/usecase.hbs", "");
  write("mine/partials/declaration.hbs", "{{heed}}\n");
  write("mine/partials/unused.hbs", "");
  await expect(run()).rejects.toMatchObject({
    code: "config/invalid",
    message: [
      "mine/generated/use-case.hbs:1:6 There is no name spce here. There is: spec, name, imports, comment, members, declarations, " +
        "definition, useCaseType, handler, signature, bind, constant. Did you mean spec?",
      "mine/generated/use-case.hbs:2:18 Write two braces: no value is escaped here, all are code already.",
      "mine/generated/use-case.hbs:2:41 There is no partial declartion. Did you mean declaration?",
      "mine/generated/usecase.hbs:1:1 There is no such template to override. Did you mean generated/use-case?",
      "mine/partials/declaration.hbs:1:3 There is no name heed here. There is: name, comment, head, members, end. Did you mean head?",
      "mine/partials/unused.hbs:1:1 No template places this partial.",
    ].join("\n"),
  });
  expect(read(code)).toBe(before);
});

test.each([{}, { check: true }])("what does not parse is named, with the template that made it (%o)", async (options) => {
  const before = read(code);
  write("mine/generated/use-case.hbs", "// {{spec}}\nexport const x = {{name}};\nexport const = 1;\n");
  const message = `${code}:3:14 Variable declaration expected.\n    export const = 1;\n  as mine/generated/use-case.hbs would make it`;
  await expect(run(options)).rejects.toMatchObject({ code: "config/invalid", message });
  expect(read(code)).toBe(before);
});

test("a folder that is not there, or a template that is not, is said", async () => {
  rmSync(join(root, "mine"), { recursive: true });
  await expect(run()).rejects.toMatchObject({ message: "usecase.config.yaml:2:12 The folder mine that `templates` names cannot be read." });
  await expect(ejectTemplate(root, undefined, "generated/index")).rejects.toMatchObject({ code: "config/invalid" });
  await expect(ejectTemplate(root, "mine", "generated/indx")).rejects.toMatchObject({
    message: "There is no template generated/indx. Did you mean generated/index?",
  });
  expect(existsSync(join(root, "mine"))).toBe(false);
});

test("an ejected template is not ejected over", async () => {
  await ejectTemplate(root, "mine", "scaffold/test");
  write("mine/scaffold/test.hbs", "// mine\n");
  await expect(ejectTemplate(root, "mine", "scaffold/test")).rejects.toMatchObject({ code: "files/not-ours" });
  expect(read("mine/scaffold/test.hbs")).toBe("// mine\n");
});
