// Holds what is promised of generated code, and prints the figures: the same bytes on every Node and in every order of
// files, no error under every TypeScript, and types that cost a use case the same however many there are.
// `--short`: this Node and the lowest TypeScript only, without the costs.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "bin/usecase.js");
const short = process.argv.includes("--short");
const nodes = short ? [] : ["20", "22", "24"];
const compilers = short ? ["5.9"] : ["5.9", "6", "7"];
/** What a project has besides its specs. */
const parts = ["usecase.config.yaml", "generated-example/src/db", "generated-example/src/services.ts", "generated-example/tsconfig.json"];
const limits = { types: 300, instantiations: 600 };

// Inside this folder, because what is generated imports packages.
mkdirSync(join(root, ".tmp"), { recursive: true });
const scratch = mkdtempSync(join(root, ".tmp/output-"));
const failures = [];
const hold = (fact, holds) => {
  console.log(`${holds ? "holds" : "FAILS"}  ${fact}`);
  if (!holds) failures.push(fact);
};

try {
  const committed = bytesOf(join(root, "generated-example/src/usecases"));
  const here = project("here", (names) => names);
  generate(here);
  hold(`Node ${process.version}: the committed bytes`, bytesOf(here.out) === committed);
  const again = generate(here);
  hold(`Node ${process.version}: a second run writes nothing`, /files are current/.test(again) && bytesOf(here.out) === committed);
  const reversed = project("reversed", (names) => [...names].reverse(), { renamed: true });
  generate(reversed);
  hold("files created in reverse order, in folders of other names", withoutFolders(reversed.out) === committed);
  for (const version of nodes) {
    const other = project(`node-${version}`, (names) => names);
    const runs = npx(`node@${version}`, `node ${JSON.stringify(bin)} generate --no-cache && node --version`, other.folder);
    hold(`Node ${runs.trim().split("\n").at(-1)}: the committed bytes`, bytesOf(other.out) === committed);
  }

  for (const version of compilers) {
    const { output, ok } = attempt(() =>
      npx(`typescript@${version}`, "tsc --version && tsc -p generated-example/tsconfig.json --noEmit", root),
    );
    hold(`TypeScript ${output.trim().replace("Version ", "")}: the example has no error under the flags of its tsconfig.json`, ok);
  }

  if (!short) {
    const counts = [1, 100, 200];
    const costs = counts.map((count) => costOf(count));
    for (const what of ["types", "instantiations"]) {
      const first = (costs[1][what] - costs[0][what]) / 99;
      const second = (costs[2][what] - costs[1][what]) / 100;
      const figures = `${what} a use case: ${first.toFixed(1)} up to 100 copies, ${second.toFixed(1)} from 100 to 200`;
      hold(`${figures} (at most ${limits[what]}, and within a twentieth)`, second <= limits[what] && Math.abs(second / first - 1) <= 0.05);
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = failures.length === 0 ? 0 : 1;

/** A project with the sample specs, written in an order of its own. */
function project(name, ordered, { renamed = false } = {}) {
  const folder = join(scratch, name);
  const specs = join(folder, "specs");
  mkdirSync(specs, { recursive: true });
  for (const file of parts) cpSync(join(root, file), join(folder, file), { recursive: true });
  const files = readdirSync(join(root, "specs"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  ordered(files).forEach((entry, index) => {
    const from = join(entry.parentPath, entry.name);
    // Another folder for each, so that the order in which they are found is the reverse.
    const to = renamed
      ? join(specs, `${String(index).padStart(2, "0")}`, entry.name)
      : join(specs, from.slice(join(root, "specs").length + 1));
    mkdirSync(join(to, ".."), { recursive: true });
    cpSync(from, to);
  });
  return { folder, out: join(folder, "generated-example/src/usecases") };
}

function generate({ folder }) {
  return execFileSync(process.execPath, [bin, "generate"], { cwd: folder, encoding: "utf8" });
}

/** As if every spec were in the same folder: generated files name theirs. */
function withoutFolders(folder) {
  return bytesOf(folder, (text) => text.replaceAll(/specs\/\d\d\//g, "specs/"));
}

function bytesOf(folder, change = (text) => text) {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".gen.ts"));
  const contents = files.sort().map((file) => [file, change(readFileSync(join(folder, file), "utf8"))]);
  return createHash("sha256").update(JSON.stringify(contents)).digest("hex");
}

/** What the lowest TypeScript counts for so many copies of MoveInventory. */
function costOf(count) {
  const folder = join(scratch, `copies-${count}`);
  mkdirSync(join(folder, "specs"), { recursive: true });
  for (const file of parts) cpSync(join(root, file), join(folder, file), { recursive: true });
  for (const entry of readdirSync(join(root, "specs"), { withFileTypes: true }))
    if (entry.isDirectory() || !entry.name.endsWith(".usecase.yaml"))
      cpSync(join(root, "specs", entry.name), join(folder, "specs", entry.name), { recursive: true });
  const text = readFileSync(join(root, "specs/move-inventory.usecase.yaml"), "utf8");
  for (let copy = 0; copy < count; copy++) {
    const number = String(copy).padStart(3, "0");
    const names = text.replaceAll(/\b(MoveInventory|InventoryMoved)\b/g, `$1N${number}`);
    writeFileSync(join(folder, `specs/move-inventory-n${number}.usecase.yaml`), names);
  }
  generate({ folder });
  const report = npx(`typescript@${compilers[0]}`, "tsc -p generated-example/tsconfig.json --noEmit --extendedDiagnostics", folder);
  const figure = (label) => Number(new RegExp(`^${label}:\\s+(\\d+)`, "m").exec(report)?.[1]);
  return { types: figure("Types"), instantiations: figure("Instantiations") };
}

function npx(wanted, command, cwd) {
  return execFileSync("npx", ["--yes", "-p", wanted, "-c", command], { cwd, encoding: "utf8" });
}

function attempt(work) {
  try {
    return { output: work(), ok: true };
  } catch (error) {
    if (error.stdout) process.stderr.write(error.stdout);
    return { output: String(error.stdout ?? error).split("\n")[0], ok: false };
  }
}
