// Lint beside redocly and spectral (OpenAPI) and buf (protos), on inputs with the same number of operations.
// Every process is measured as a whole, from its start to its end; rounds are interleaved, medians printed.
//   npx tsx bench/lint/compare.ts                          1, 200, 1,000 and 5,000 operations, 5 rounds
//   npx tsx bench/lint/compare.ts --sizes 200 --rounds 9 --only ours,redocly
// The others are installed into bench/lint/node_modules when that is missing. Build first: `npm run build`.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type CommandLine, type Measured, measure, median } from "./measure.js";
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

interface Contender {
  readonly name: string;
  readonly says: RegExp;
  /** Before each run, outside of what is measured. */
  prepare?(folder: string): void;
  commandLine(folder: string): CommandLine;
}

const node = process.execPath;
const usecase = (folder: string): CommandLine => ({ command: node, args: [join(root, values.bin), "lint"], cwd: join(folder, "specs") });
const dropCache = (folder: string) => rmSync(join(folder, "specs/.usecase"), { recursive: true, force: true });
let edits = 0;

const contenders: readonly Contender[] = [
  { name: "usecase, cold", says: / files?[:.;]/, prepare: dropCache, commandLine: usecase },
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
    commandLine: (folder) => ({ command: bufBinary(), args: ["lint"], cwd: join(folder, "protos") }),
  },
];

/** The binary itself: the package's script costs a second start of Node. */
function bufBinary(): string {
  const own = join(here, `node_modules/@bufbuild/buf-${process.platform}-${process.arch}/bin/buf`);
  return existsSync(own) ? own : join(here, "node_modules/.bin/buf");
}

if (!existsSync(join(here, "node_modules/@redocly/cli"))) {
  console.log("Installing redocly, spectral and buf into bench/lint …");
  spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error"], { cwd: here, stdio: "inherit" });
}

const only = values.only?.split(",");
const chosen = contenders.filter(
  ({ name }) => only === undefined || only.some((part) => name.startsWith(part) || (part === "ours" && name.startsWith("usecase"))),
);
console.log(`Node ${process.version}, ${rounds} rounds, medians. MB: the most that the process held.\n`);
for (const size of values.sizes.split(",").map(Number)) {
  const folder = join(work, String(size));
  rmSync(folder, { recursive: true, force: true });
  writeUseCaseProject(join(folder, "specs"), size);
  writeOpenApiProject(join(folder, "openapi"), size);
  writeProtoProject(join(folder, "protos"), size);
  await compare(size, folder);
}

async function compare(size: number, folder: string): Promise<void> {
  const results = new Map<string, Measured[]>(chosen.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, says, prepare, commandLine } of chosen) {
      prepare?.(folder);
      results.get(name)?.push(await measure(commandLine(folder), says));
    }
  }
  const seconds = (name: string) => median((results.get(name) ?? []).map((result) => result.seconds));
  console.log(`${size.toLocaleString("en")} operations${" ".repeat(16)}s      MB   × redocly   × buf`);
  for (const { name } of chosen) {
    const peaks = (results.get(name) ?? []).flatMap(({ peakMb }) => peakMb ?? []);
    const ratio = (other: string) => (results.has(other) ? (seconds(name) / seconds(other)).toFixed(2) : "–");
    console.log(
      `  ${name.padEnd(26)}${seconds(name).toFixed(2).padStart(6)}${median(peaks).toFixed(0).padStart(8)}${ratio("redocly").padStart(12)}${ratio("buf").padStart(8)}`,
    );
  }
  console.log();
}
