// Generate beside openapi-typescript and orval (OpenAPI) and buf with protoc-gen-es (protos), on inputs with the same number
// of operations. Every process is measured as a whole, from its start to its end; rounds are interleaved, medians printed.
//   npx tsx bench/generate/compare.ts                       1, 200 and 1,000 operations, 5 rounds
//   npx tsx bench/generate/compare.ts --sizes 200 --rounds 9 --only ours,orval
//   npx tsx bench/generate/compare.ts --types               and the time that TypeScript 5.9 takes to check what came out
// The others are installed into bench/generate/node_modules when that is missing. Build first: `npm run build`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type CommandLine, type Measured, measure, median } from "../lint/measure.js";
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

interface Contender {
  readonly name: string;
  readonly says: RegExp;
  /** Before each run, outside of what is measured. */
  prepare?(folder: string): void;
  commandLine(folder: string): CommandLine;
  /** Throws when it did not do what its name says. */
  check?(folder: string): void;
}

const node = process.execPath;
const remove = (...paths: readonly string[]) => {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
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

const contenders: readonly Contender[] = [
  {
    name: "usecase, cold",
    says: /✔/,
    prepare: (folder) => remove(ours(folder), join(folder, "specs/.usecase"), join(folder, "specs/drizzle")),
    commandLine: usecase,
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
    commandLine: (folder) => ({ command: bufBinary(), args: ["generate"], cwd: join(folder, "protos") }),
  },
];

/** The binary itself: the package's script costs a second start of Node. */
function bufBinary(): string {
  const own = join(here, `node_modules/@bufbuild/buf-${process.platform}-${process.arch}/bin/buf`);
  return existsSync(own) ? own : join(here, "node_modules/.bin/buf");
}

if (!existsSync(join(here, "node_modules/orval"))) {
  console.log("Installing openapi-typescript, orval, buf and protoc-gen-es into bench/generate …");
  spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error"], { cwd: here, stdio: "inherit" });
}

const only = values.only?.split(",");
const chosen = contenders.filter(
  ({ name }) => only === undefined || only.some((part) => name.startsWith(part) || (part === "ours" && name.startsWith("usecase"))),
);
console.log(`Node ${process.version}, ${rounds} rounds, medians. MB: the most that the process held.\n`);
const perSpec: string[] = [];
for (const size of values.sizes.split(",").map(Number)) {
  const folder = join(work, String(size));
  remove(folder);
  writeUseCaseProject(join(folder, "specs"), size);
  writeOpenApiProject(join(folder, "openapi"), size);
  writeProtoProject(join(folder, "protos"), size);
  await compare(size, folder);
  if (values.types) await checkTypes(folder);
}
console.log(`Milliseconds per operation, cold: ${perSpec.join(", ")}`);

async function compare(size: number, folder: string): Promise<void> {
  const results = new Map<string, Measured[]>(chosen.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, says, prepare, commandLine, check } of chosen) {
      prepare?.(folder);
      results.get(name)?.push(await measure(commandLine(folder), says));
      check?.(folder);
    }
  }
  const seconds = (name: string) => median((results.get(name) ?? []).map((result) => result.seconds));
  console.log(`${size.toLocaleString("en")} operations${" ".repeat(16)}s      MB   × openapi-ts   × orval     × buf`);
  for (const { name } of chosen) {
    const peaks = (results.get(name) ?? []).flatMap(({ peakMb }) => peakMb ?? []);
    const ratio = (other: string) => (results.has(other) ? (seconds(name) / seconds(other)).toFixed(2) : "–").padStart(10);
    console.log(
      `  ${name.padEnd(26)}${seconds(name).toFixed(2).padStart(6)}${median(peaks).toFixed(0).padStart(8)}   ${ratio("openapi-typescript")}${ratio("orval")}${ratio("buf, protoc-gen-es")}`,
    );
  }
  console.log();
  if (results.has("usecase, cold")) perSpec.push(`${size}: ${((seconds("usecase, cold") * 1_000) / size).toFixed(2)}`);
}

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
