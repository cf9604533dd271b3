import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ToolError } from "../../spec/tool-error.js";
import { withLineFeeds } from "../files/plan.js";
import { isRunning } from "../files/project-lock.js";

/** With the number of the process behind it. */
const stagingName = ".usecase-format-";

/** Files for one call: what is longer than a command line may be goes to several. */
const mostFiles = 200;

/**
 * Texts as the project's formatter lays them out. They are put into a folder beside the generated code, under the names
 * that they are to have: a formatter finds its settings by the path of a file.
 *
 * @param project its root (absolute), the folder of the generated code and the command, as in the configuration
 * @param texts by path, relative to the root, inside that folder
 * @throws ToolError when the command cannot be run or fails; the message has what it said
 */
export async function runFormatter(
  project: { readonly root: string; readonly out: string; readonly format: readonly string[] },
  texts: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const { root, out, format } = project;
  const staging = `${out}/${stagingName}${process.pid}`;
  const staged = new Map([...texts.keys()].map((path) => [path, `${staging}${path.slice(out.length)}`]));
  clearAbandoned(join(root, out));
  try {
    for (const [path, file] of staged) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), texts.get(path) ?? "");
    }
    const files = [...staged.values()];
    for (let start = 0; start < files.length; start += mostFiles) await run(root, format, files.slice(start, start + mostFiles), staging);
    return new Map([...staged].map(([path, file]) => [path, withLineFeeds(readFileSync(join(root, file), "utf8"))]));
  } finally {
    rmSync(join(root, staging), { recursive: true, force: true });
  }
}

/** What a run has left that was killed while the formatter was at it. */
function clearAbandoned(out: string): void {
  if (!existsSync(out)) return;
  for (const name of readdirSync(out))
    if (name.startsWith(stagingName) && !isRunning(Number(name.slice(stagingName.length))))
      rmSync(join(out, name), { recursive: true, force: true });
}

async function run(root: string, [program = "", ...args]: readonly string[], files: readonly string[], staging: string): Promise<void> {
  // On Windows a package's program is a script of the shell, which Node does not start by itself.
  const { default: spawn } = await import("cross-spawn");
  const failure = (reason: string, cause?: unknown) =>
    new ToolError("format/failed", `The command of \`format\` (${[program, ...args].join(" ")}) ${reason}`, {
      help: "What was generated is written as it was before formatting; the next run formats it.",
      cause,
    });
  await new Promise<void>((done, fail) => {
    const env = { ...process.env, PATH: [...binFolders(root), process.env["PATH"] ?? ""].join(delimiter) };
    const start = () => {
      try {
        return spawn(program, [...args, ...files], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
      } catch (error) {
        // A name that is too long, or has what no name may have.
        throw failure(`cannot be run: ${error instanceof Error ? error.message : String(error)}`, error);
      }
    };
    const child = start();
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => {
        if (said.length < 4_000) said += chunk.toString();
      });
    child.on("error", (error) =>
      fail(failure("code" in error && error.code === "ENOENT" ? "cannot be found." : `cannot be run: ${error.message}`, error)),
    );
    child.on("close", (code, signal) => {
      if (code === 0) done();
      else fail(failure(`ended with ${signal ?? code}.\n${said.trim().replaceAll(staging, dirname(staging))}`));
    });
  });
}

/** Where a package manager puts the programs of packages: as in a package's scripts, they need no path. */
function binFolders(root: string): readonly string[] {
  const found: string[] = [];
  for (let folder = root; ; folder = dirname(folder)) {
    const bin = join(folder, "node_modules/.bin");
    if (existsSync(bin)) found.push(bin);
    if (dirname(folder) === folder) return found;
  }
}
