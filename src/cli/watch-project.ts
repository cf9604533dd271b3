import { dirname, resolve, sep } from "node:path";
import { type CacheStore, openCache, rememberingCache } from "../spec/cache/cache-store.js";
import { findConfig } from "../spec/config/find-config.js";
import { readConfig } from "../spec/config/read-config.js";
import { ToolError } from "../spec/tool-error.js";
import { exitCodes } from "./exit-codes.js";
import type { Io } from "./io.js";
import { watchFolder } from "./watch-folder.js";

/** An editor writes a file in several steps, and a checkout many files. */
const quietMs = 25;

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

  let failed: (error: unknown) => void = () => {};
  const ended = new Promise<void>((end, fail) => {
    failed = fail;
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end());
  });
  let watchers: readonly { close(): void }[] = [];
  const watchAll = async (): Promise<void> => {
    const folders = await watchedFolders(options, root);
    for (const watcher of watchers) watcher.close();
    watchers = folders.map(({ folder, recursive, wanted }) =>
      watchFolder(folder, {
        recursive,
        changed(path) {
          // It says what to watch. While it is wrong, what it said before holds.
          if (path === config) watchAll().catch((error) => error instanceof ToolError || failed(error));
          if (wanted(path)) changed();
        },
        failed,
      }),
    );
  };
  try {
    // Before the first run: a change while it is going on must not be lost.
    await watchAll();
    await Promise.all([run(), ended]);
  } finally {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  }
  return exitCodes.fine;
}

interface Watched {
  readonly folder: string;
  readonly recursive: boolean;
  /** `path`: absolute. */
  wanted(path: string): boolean;
}

async function watchedFolders({ cwd, config: given }: WatchedProject, root: string): Promise<readonly Watched[]> {
  const { config, document } = await readConfig(cwd, given);
  const at = (path: string) => resolve(root, path);
  const isOutput = (path: string) => path.startsWith(at(config.out) + sep);
  return [
    { folder: root, recursive: false, wanted: (path) => path === at(document.file) },
    { folder: at(config.specs), recursive: true, wanted: (path) => /\.ya?ml$/i.test(path) },
    { folder: at(config.migrations), recursive: true, wanted: (path) => path.endsWith(".sql") },
    { folder: at(config.out), recursive: true, wanted: (path) => path.endsWith(".handler.ts") },
    ...[config.templates ?? []].flat().map((templates) => ({
      folder: at(templates),
      recursive: true,
      wanted: (path: string) => path.endsWith(".hbs"),
    })),
    ...[...new Set(config.schema.map((module) => dirname(at(module))))].map((folder) => ({
      folder,
      recursive: folder !== root,
      // What is written itself, beside the schema, is nothing to wake up for.
      wanted: (path: string) => /\.[cm]?[jt]s$/.test(path) && !isOutput(path),
    })),
  ];
}
