import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { importSuffix } from "./import-suffix.js";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["nodenext", { "tsconfig.json": '{ "compilerOptions": { "module": "NodeNext" } }' }, ".js"],
  ["node16 resolution", { "tsconfig.json": '{ "compilerOptions": { "module": "esnext", "moduleResolution": "node16" } }' }, ".js"],
  ["a bundler", { "tsconfig.json": '{ "compilerOptions": { "module": "preserve", "moduleResolution": "bundler" } }' }, "none"],
  ["a module kind alone", { "tsconfig.json": '{ "compilerOptions": { "module": "esnext" } }' }, "none"],
  [
    "TypeScript extensions",
    { "tsconfig.json": '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true } }' },
    ".ts",
  ],
  ["comments and commas", { "tsconfig.json": '// a\n{ /* b, */ "compilerOptions": { "module": "node20", "x": "// no", }, }' }, ".js"],
  [
    "what it extends",
    { "tsconfig.json": '{ "extends": "./base" }', "base.json": '{ "compilerOptions": { "moduleResolution": "bundler" } }' },
    "none",
  ],
  [
    "the last of several, and itself over them",
    {
      "tsconfig.json": '{ "extends": ["./a.json", "./b.json"], "compilerOptions": { "strict": true } }',
      "a.json": '{ "compilerOptions": { "moduleResolution": "bundler" } }',
      "b.json": '{ "compilerOptions": { "moduleResolution": "nodenext" } }',
    },
    ".js",
  ],
  [
    "a package",
    {
      "tsconfig.json": '{ "extends": "@base/bundler" }',
      "node_modules/@base/bundler/tsconfig.json": '{ "compilerOptions": { "moduleResolution": "bundler" } }',
    },
    "none",
  ],
  ["the nearest", { "tsconfig.json": "{}", "src/tsconfig.json": '{ "compilerOptions": { "module": "nodenext" } }' }, ".js"],
  ["configurations that extend each other", { "tsconfig.json": '{ "extends": "./tsconfig.json" }' }, "none"],
  ["one that is no JSON", { "tsconfig.json": "{" }, "none"],
])("%s", (_, files, suffix) => {
  const root = mkdtempSync(join(tmpdir(), "usecase-suffix-"));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  expect(importSuffix(join(root, "src/usecases"))).toBe(suffix);
});
