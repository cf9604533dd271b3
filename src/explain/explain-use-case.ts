import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { emitFiles } from "../generate/emit-files.js";
import { pathsOf } from "../generate/paths.js";
import type { Explanation } from "../runtime/explain/explanation.js";
import type { Project, UseCase } from "../spec/model.js";
import { isCompiled, packageFile } from "../spec/package-file.js";
import { ToolError } from "../spec/tool-error.js";
import type { WorkerAnswer, WorkerInput } from "./definition-worker.js";

const timeLimitMs = 30_000;

/**
 * What a call of the use case does, from its spec and the Drizzle schema alone: its definition is generated into a
 * folder of its own and given to the runtime's own code, so that the SQL is that of a real call. No database is asked,
 * and nothing of what is generated needs to be there. The project must lint without errors.
 * @throws ToolError when the schema cannot be run
 */
export async function explainUseCase(project: Project, useCase: UseCase): Promise<Explanation> {
  const cache = join(project.root, ".usecase/cache");
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, ".gitignore"), "*\n");
  const folder = mkdtempSync(join(cache, "explain-"));
  try {
    const out = posix.join(".usecase/cache", folder.slice(cache.length + 1));
    const config = { ...project.config, out, imports: ".ts" as const, templates: undefined };
    for (const { path, text, kind } of await emitFiles({ ...project, config, useCases: [useCase] })) {
      if (kind !== "generated") continue;
      mkdirSync(dirname(join(project.root, path)), { recursive: true });
      writeFileSync(join(project.root, path), onOwnRuntime(text));
    }
    const definition = join(project.root, pathsOf(config).useCase(useCase.name).definition);
    return await inWorker({ root: project.root, definition, tablesSchema: config.tables.schema });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A module of this package: compiled, or (in this package's tests) TypeScript, which jiti can run. */
const moduleUrl = (name: string) => packageFile(isCompiled ? `dist/${name}.js` : `src/${name}.ts`);

/** Generated code imports the package by its name, which a project that only writes specs need not have installed. */
function onOwnRuntime(text: string): string {
  return text.replace(/(from\s+)"usecasecore(?:\/(expression|validation))?"/g, (_, from: string, entry = "index") => {
    return `${from}${JSON.stringify(fileURLToPath(moduleUrl(`runtime/${entry}`)))}`;
  });
}

/** The schema is the user's code: see `readDatabaseSchema`. */
function inWorker(input: WorkerInput): Promise<Explanation> {
  const script = moduleUrl("explain/definition-worker").href;
  const jiti = pathToFileURL(createRequire(import.meta.url).resolve("jiti")).href;
  const load = isCompiled ? "import(script)" : "import(jiti).then(({ createJiti }) => createJiti(script).import(script))";
  const worker = new Worker(
    `const { script, jiti, input } = require("node:worker_threads").workerData; ${load}.then(({ answer }) => answer(input, jiti));`,
    { eval: true, workerData: { script, jiti, input }, stdout: true, stderr: true },
  );
  return new Promise<WorkerAnswer>((settle) => {
    const fail = (message: string) => settle({ failure: message });
    const timer = setTimeout(() => fail(`Running the schema took longer than ${timeLimitMs / 1000} s.`), timeLimitMs).unref();
    worker.on("message", settle);
    worker.on("error", (error: unknown) => fail(error instanceof Error ? error.message : String(error)));
    worker.on("exit", () => {
      clearTimeout(timer);
      fail("The schema ended the process that was running it (process.exit).");
    });
  })
    .finally(() => worker.terminate())
    .then((answer) => {
      if ("explanation" in answer) return answer.explanation;
      throw new ToolError("config/invalid", `The generated definition cannot be run: ${answer.failure}`);
    });
}
