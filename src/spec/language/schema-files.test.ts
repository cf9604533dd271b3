import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rules } from "../../lint/registry.js";
import { schemaFiles } from "./schema-files.js";

const files = schemaFiles(rules);
const folder = new URL("../../../schema/", import.meta.url);

test.each(Object.entries(files))("schema/%s is current (npm run build writes it)", (name, text) => {
  expect(readFileSync(new URL(name, folder), "utf8")).toBe(text);
});

test("schema/ has no other file", () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
});

test("the configuration's schema knows every rule that can be changed, and no other", () => {
  const schema = JSON.parse(files["config.schema.json"] ?? "");
  const known = schema.properties.lint.properties.rules.properties;
  expect(Object.keys(known)).toEqual(rules.filter(({ required }) => !required).map(({ id }) => id));
  expect(known["state/unused"]).toMatchObject({ enum: ["error", "warning", "off"], default: "warning", description: expect.any(String) });
  expect(schema.$defs.ruleId.enum).toEqual(Object.keys(known));
});
