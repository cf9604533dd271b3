import { readdirSync, readFileSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { rulePages } from "./rule-pages.js";

const folder = fileURLToPath(new URL("../../docs/rules/", import.meta.url));
const pages = rulePages();

test.each([...pages])("docs/rules/%s is current (npm run build writes it)", (name, text) => {
  expect(readFileSync(folder + name, "utf8")).toBe(text);
});

test("docs/rules has no other page", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => file.split(sep).join("/"));
  expect(files.filter((file) => file.endsWith(".md")).sort()).toEqual([...pages.keys()].sort());
});

test("the index links every page", () => {
  const linked = [...(pages.get("README.md") ?? "").matchAll(/\]\(([^)]+\.md)\)/g)].map(([, name]) => name);
  expect(["README.md", ...linked].sort()).toEqual([...pages.keys()].sort());
});
