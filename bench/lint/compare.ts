// Lint beside redocly and spectral (OpenAPI) and buf (protos), on inputs with the same number of operations.
// Every process is measured as a whole, from its start to its end; rounds are interleaved, medians printed.
//   npx tsx bench/lint/compare.ts                          1, 200, 1,000 and 5,000 operations, 5 rounds
//   npx tsx bench/lint/compare.ts --sizes 200 --rounds 9 --only ours,redocly
// The others are installed into bench/lint/node_modules when that is missing. Build first: `npm run build`.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bufBinary, type Contender, chosenOf, compareContenders, installOthers, removeKeptDrizzle } from "../compare-contenders.js";
import type { CommandLine } from "./measure.js";
import { writeOpenApiProject } from "./openapi-project.js";
import { writeProtoProject } from "./proto-project.js";
import { writeUseCaseProject } from "./use-case-project.js";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1,200,1000,5000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
    bin: { type: "string", default: "bin/usecase.js" },
  },
});
const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const work = join(root, ".tmp/bench-lint");
const rounds = Number(values.rounds);

const node = process.execPath;
const usecase = (folder: string): CommandLine => ({ command: node, args: [join(root, values.bin), "lint"], cwd: join(folder, "specs") });
const dropCache = (folder: string) => rmSync(join(folder, "specs/.usecase"), { recursive: true, force: true });
let edits = 0;

const contenders: readonly Contender[] = [
  { name: "usecase, cold", says: / files?[:.;]/, prepare: dropCache, commandLine: usecase },
  {
    // Also without what is kept beside the packages: the first run after an installation.
    name: "usecase, first run",
    says: / files?[:.;]/,
    prepare(folder) {
      dropCache(folder);
      removeKeptDrizzle(root);
    },
    commandLine: (folder) => ({ ...usecase(folder), env: { NODE_DISABLE_COMPILE_CACHE: "1" } }),
  },
  { name: "usecase, nothing changed", says: / files?[:.;]/, commandLine: usecase },
  {
    name: "usecase, one changed",
    says: / files?[:.;]/,
    prepare(folder) {
      const file = join(folder, "specs/specs/order/create-order.usecase.yaml");
      edits += 1;
      writeFileSync(file, readFileSync(file, "utf8").replace(/^summary: .*$/m, `summary: Create an order, edit ${edits}.`));
    },
    commandLine: usecase,
  },
  {
    name: "redocly",
    says: /validated in|Validated with|Your API description is valid/,
    commandLine: (folder) => ({
      command: node,
      args: [join(here, "node_modules/@redocly/cli/bin/cli.js"), "lint", "openapi.yaml"],
      cwd: join(folder, "openapi"),
    }),
  },
  {
    name: "spectral",
    says: /No results|problems?/,
    commandLine: (folder) => ({
      command: node,
      args: [join(here, "node_modules/@stoplight/spectral-cli/dist/index.js"), "lint", "openapi.yaml"],
      cwd: join(folder, "openapi"),
    }),
  },
  {
    name: "buf",
    says: /^nothing$/,
    commandLine: (folder) => ({ command: bufBinary(here), args: ["lint"], cwd: join(folder, "protos") }),
  },
];

installOthers(here, "@redocly/cli", "redocly, spectral and buf into bench/lint");

const chosen = chosenOf(contenders, values.only);
console.log(
  `Node ${process.version}, ${rounds} rounds, medians. MB: the most that the process held. Ratios: of time / of processor time.\n`,
);
for (const size of values.sizes.split(",").map(Number)) {
  const folder = join(work, String(size));
  rmSync(folder, { recursive: true, force: true });
  writeUseCaseProject(join(folder, "specs"), size);
  writeOpenApiProject(join(folder, "openapi"), size);
  writeProtoProject(join(folder, "protos"), size);
  await compareContenders(chosen, {
    title: `${size.toLocaleString("en")} operations`,
    folder,
    rounds,
    ratios: [
      ["× redocly", "redocly"],
      ["× buf", "buf"],
    ],
  });
}
