import { watch } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type CacheStore, openCache, rememberingCache } from "../spec/cache/cache-store.js";
import { findConfig } from "../spec/config/find-config.js";
import { readConfig } from "../spec/config/read-config.js";
import { ToolError } from "../spec/tool-error.js";
import { exitCodes } from "./exit-codes.js";
import type { Io } from "./io.js";

/** An editor writes a file in several steps, and a checkout many files. */
const quietMs = 60;

export interface WatchedProject {
  /** Absolute; the configuration is looked for here and upwards. */
  readonly cwd: string;
  readonly config?: string;
  readonly cache?: boolean | CacheStore;
}

/**
 * Works, and again after every change of a spec, the schema, a handler, a migration, a template or the configuration, until the
 * process is interrupted. What is wrong with the configuration is printed, and waited out.
 * @param work is given the cache that it must keep its answers in: it remembers from one run to the next
 */
export async function watchProject(
  io: Io,
  options: WatchedProject,
  work: (cache: CacheStore | false) => Promise<unknown>,
): Promise<number> {
  // The first configuration has to be there: it says what to watch.
  const config = findConfig(options.cwd, options.config);
  const root = dirname(config);
  const cache = options.cache === false ? false : rememberingCache(openCache(root));
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;

  const run = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await work(cache);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code === "internal") io.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      else io.stderr.write(`error: ${error.message}\n${error.help === undefined ? "" : `${error.help}\n`}`);
    }
    io.stderr.write("Waiting for changes. Ctrl+C ends this.\n");
    running = false;
    if (again) {
      again = false;
      void run();
    }
  };
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), quietMs);
  };

  // Before the first run: a change while it is going on must not be lost.
  const watched = await watchedFolders(options, root);
  const watchers = watched.flatMap(({ folder, recursive, wanted }) => {
    try {
      return [
        watch(folder, { recursive }, (_event, file) => {
          if (file === null || wanted(file)) changed();
        }).on("error", () => {}),
      ];
    } catch {
      // No such folder: nothing in it either.
      return [];
    }
  });
  await run();
  await new Promise<void>((end) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end());
  });
  clearTimeout(timer);
  for (const watcher of watchers) watcher.close();
  return exitCodes.fine;
}

interface Watched {
  readonly folder: string;
  readonly recursive: boolean;
  wanted(file: string): boolean;
}

async function watchedFolders({ cwd, config: given }: WatchedProject, root: string): Promise<readonly Watched[]> {
  const { config, document } = await readConfig(cwd, given);
  const isYaml = (file: string) => /\.ya?ml$/i.test(file);
  const isModule = (file: string) => /\.[cm]?[jt]s$/.test(file);
  return [
    { folder: root, recursive: false, wanted: (file) => file === basename(document.file) },
    { folder: resolve(root, config.specs), recursive: true, wanted: isYaml },
    { folder: resolve(root, config.migrations), recursive: true, wanted: (file) => file.endsWith(".sql") },
    { folder: resolve(root, config.out), recursive: true, wanted: (file) => file.endsWith(".handler.ts") },
    ...(config.templates === undefined
      ? []
      : [{ folder: resolve(root, config.templates), recursive: true, wanted: (file: string) => file.endsWith(".hbs") }]),
    ...[...new Set(config.schema.map((module) => dirname(resolve(root, module))))].map((folder) => ({
      folder,
      recursive: folder !== root,
      wanted: isModule,
    })),
  ];
}
