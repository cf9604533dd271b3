// Generate beside openapi-typescript and orval (OpenAPI) and buf with protoc-gen-es (protos), on inputs with the same number
// of operations. Every process is measured as a whole, from its start to its end; rounds are interleaved, medians printed.
//   npx tsx bench/generate/compare.ts                       1, 200 and 1,000 operations, 5 rounds
//   npx tsx bench/generate/compare.ts --sizes 200 --rounds 9 --only ours,orval
//   npx tsx bench/generate/compare.ts --types               and the time that TypeScript 5.9 takes to check what came out
// The others are installed into bench/generate/node_modules when that is missing. Build first: `npm run build`.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bufBinary, type Contender, chosenOf, compareContenders, installOthers, removeKeptDrizzle } from "../compare-contenders.js";
import { type CommandLine, measure } from "../lint/measure.js";
import { writeOpenApiProject } from "../lint/openapi-project.js";
import { writeProtoProject } from "../lint/proto-project.js";
import { writeUseCaseProject } from "../lint/use-case-project.js";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "1,200,1000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
    types: { type: "boolean", default: false },
    bin: { type: "string", default: "bin/usecase.js" },
  },
});
const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const work = join(root, ".tmp/bench-generate");
const rounds = Number(values.rounds);

const node = process.execPath;
const remove = (...paths: readonly string[]) => {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
};
const trash = join(work, "trash");
/** Thousands of files: a file system that has just removed them is slow to make new ones for a while, which no user sees. */
const moveAside = (...paths: readonly string[]) => {
  mkdirSync(trash, { recursive: true });
  for (const path of paths.filter(existsSync)) renameSync(path, join(mkdtempSync(join(trash, "old-")), basename(path)));
};
const usecase = (folder: string): CommandLine => ({
  command: node,
  args: [join(root, values.bin), "generate"],
  cwd: join(folder, "specs"),
});
const ours = (folder: string) => join(folder, "specs/src/usecases");
const newest = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce(
    (last, file) => Math.max(last, statSync(join(folder, file)).mtimeMs),
    0,
  );
let edits = 0;
let before = 0;

const dropOutput = (folder: string) => moveAside(ours(folder), join(folder, "specs/.usecase"), join(folder, "specs/drizzle"));

const contenders: readonly Contender[] = [
  {
    name: "usecase, cold",
    says: /✔/,
    prepare: dropOutput,
    commandLine: usecase,
  },
  {
    // Also without what is kept beside the packages: the first run after an installation.
    name: "usecase, first run",
    says: /✔/,
    prepare(folder) {
      dropOutput(folder);
      removeKeptDrizzle(root);
    },
    commandLine: (folder) => ({ ...usecase(folder), env: { NODE_DISABLE_COMPILE_CACHE: "1" } }),
  },
  {
    name: "usecase, nothing changed",
    says: /files are current/,
    prepare(folder) {
      before = newest(ours(folder));
    },
    commandLine: usecase,
    check(folder) {
      if (newest(ours(folder)) !== before) throw new Error("Files were written though nothing had changed.");
    },
  },
  {
    name: "usecase, one changed",
    says: /updated: 1;/,
    prepare(folder) {
      const file = join(folder, "specs/specs/order/create-order.usecase.yaml");
      edits += 1;
      writeFileSync(file, readFileSync(file, "utf8").replace(/^summary: .*$/m, `summary: Create an order, edit ${edits}.`));
    },
    commandLine: usecase,
  },
  {
    name: "openapi-typescript",
    says: /openapi\.yaml →/,
    prepare: (folder) => remove(join(folder, "openapi/types.ts")),
    commandLine: (folder) => ({
      command: node,
      args: [join(here, "node_modules/openapi-typescript/bin/cli.js"), "openapi.yaml", "--output", "types.ts"],
      cwd: join(folder, "openapi"),
    }),
  },
  {
    name: "orval",
    says: /OpenAPI spec has been converted/,
    prepare: (folder) => remove(join(folder, "openapi/client.ts")),
    commandLine: (folder) => ({
      command: node,
      args: [join(here, "node_modules/orval/dist/bin/orval.js"), "--input", "openapi.yaml", "--output", "client.ts", "--client", "fetch"],
      cwd: join(folder, "openapi"),
    }),
  },
  {
    name: "buf, protoc-gen-es",
    says: /^nothing$/,
    prepare(folder) {
      remove(join(folder, "protos/gen"));
      writeFileSync(
        join(folder, "protos/buf.gen.yaml"),
        `version: v2\nplugins:\n  - local: [node, ${join(here, "node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es")}]\n    out: gen\n    opt: [target=ts, import_extension=js]\n`,
      );
    },
    commandLine: (folder) => ({ command: bufBinary(here), args: ["generate"], cwd: join(folder, "protos") }),
  },
];

installOthers(here, "orval", "openapi-typescript, orval, buf and protoc-gen-es into bench/generate");

const chosen = chosenOf(contenders, values.only);
console.log(
  `Node ${process.version}, ${rounds} rounds, medians. MB: the most that the process held. Ratios: of time / of processor time.\n`,
);
const perSpec: string[] = [];
for (const size of values.sizes.split(",").map(Number)) {
  const folder = join(work, String(size));
  moveAside(folder);
  writeUseCaseProject(join(folder, "specs"), size);
  writeOpenApiProject(join(folder, "openapi"), size);
  writeProtoProject(join(folder, "protos"), size);
  const seconds = await compareContenders(chosen, {
    title: `${size.toLocaleString("en")} operations`,
    folder,
    rounds,
    ratios: [
      ["× openapi-ts", "openapi-typescript"],
      ["× orval", "orval"],
      ["× buf", "buf, protoc-gen-es"],
    ],
  });
  const cold = seconds("usecase, cold");
  if (!Number.isNaN(cold)) perSpec.push(`${size}: ${((cold * 1_000) / size).toFixed(2)}`);
  if (values.types) await checkTypes(folder);
}
console.log(`Milliseconds per operation, cold: ${perSpec.join(", ")}`);
remove(trash);

/** What came out, through TypeScript 5.9 as a project of its own would check it. */
async function checkTypes(folder: string): Promise<void> {
  const compilerOptions = { module: "nodenext", target: "es2023", strict: true, skipLibCheck: true, noEmit: true, types: [] };
  const projects = [
    { name: "usecase", cwd: join(folder, "specs"), include: ["src", "schema.ts"] },
    { name: "openapi-typescript", cwd: join(folder, "openapi"), include: ["types.ts"] },
    { name: "orval", cwd: join(folder, "openapi"), include: ["client.ts"] },
    { name: "buf, protoc-gen-es", cwd: join(folder, "protos"), include: ["gen"] },
  ];
  console.log(`  type-checking the output${" ".repeat(3)}s      MB`);
  for (const { name, cwd, include } of projects) {
    writeFileSync(join(cwd, "package.json"), '{ "type": "module" }');
    if (name.startsWith("buf")) linkModules(cwd);
    const file = `tsconfig.${name.replaceAll(/\W+/g, "-")}.json`;
    // What a handler test imports is not what is compared.
    writeFileSync(
      join(cwd, file),
      JSON.stringify({ compilerOptions: { ...compilerOptions, lib: ["es2023", "dom"] }, include, exclude: ["**/*.test.ts"] }),
    );
    const { seconds, peakMb } = await measure(
      { command: node, args: [join(here, "node_modules/typescript/bin/tsc"), "-p", file], cwd },
      /^nothing$/,
    );
    console.log(`  ${name.padEnd(26)}${seconds.toFixed(2).padStart(6)}${(peakMb ?? 0).toFixed(0).padStart(8)}`);
  }
  console.log();
}

function linkModules(folder: string): void {
  if (existsSync(join(folder, "node_modules"))) return;
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(here, "node_modules"), join(folder, "node_modules"));
}
