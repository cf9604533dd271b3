import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { schemaFiles } from "./schema-files.js";

const folder = new URL("../../../schema/", import.meta.url);

test.each(Object.entries(schemaFiles()))("schema/%s is current (npm run build writes it)", (name, text) => {
  expect(readFileSync(new URL(name, folder), "utf8")).toBe(text);
});

test("schema/ has no other file", () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(schemaFiles()).sort());
});
