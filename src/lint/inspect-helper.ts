import { availableParallelism } from "node:os";
import type { SchemaReading } from "../spec/drizzle-schema.js";
import type { Config } from "../spec/model.js";
import { isCompiled } from "../spec/package-file.js";
import type { SpecContent } from "../spec/project-files.js";
import { startWork } from "../spec/start-work.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import type { InspectOptions } from "./inspect-options.js";

/** What the second thread is given: see `inspect-worker.ts`. */
export interface InspectInput {
  readonly root: string;
  readonly config: Config;
  readonly configText: string;
  readonly baseKey: string;
  /** The files that are no use cases. */
  readonly base: readonly Pick<SpecContent, "file" | "kind">[];
  /** The use cases; both threads take the next ones, as `taken` says. */
  readonly useCases: readonly string[];
  readonly taken: Int32Array;
  /** Whether somebody asks how long each rule takes. */
  readonly timed: boolean;
}

export interface Inspected {
  readonly checked: CheckedUseCase;
  /** Of the content that was looked into. */
  readonly hash: string;
  /** As JSON, where it is whole. */
  readonly model: string | undefined;
  /** What its companion made. */
  readonly made: unknown;
}

export type InspectAnswer =
  | { readonly inspected: readonly Inspected[] }
  /** All is done: how long each rule took, in milliseconds. */
  | { readonly times: readonly (readonly [rule: string, ms: number])[] };

export interface Helper {
  /** The rules wait for this. */
  tell(reading: SchemaReading): void;
  /** When it has nothing more to say: how long each rule took. */
  end(): Promise<readonly (readonly [rule: string, ms: number])[]>;
}

/** A second thread that looks into use cases; undefined where there is no second core. Should it fail, it has just said less. */
export function startHelper(
  { files: { root, config, files, sources }, base, contents, companion, stopwatch }: InspectOptions,
  taken: Int32Array,
  onInspected: (inspected: Inspected) => void,
): Helper | undefined {
  if (!isCompiled || availableParallelism() < 2) return undefined;
  const input: InspectInput = {
    root,
    config,
    configText: sources.text(config.file ?? "") ?? "",
    baseKey: base.key,
    base: files.flatMap(({ file, kind }) => (kind === "usecase" ? [] : [{ file, kind }])),
    useCases: contents.map(({ file }) => file),
    taken,
    timed: stopwatch.rule !== undefined,
  };
  const worker = startWork(companion?.work ?? "inspect", input, {
    // Most of what it makes is soon garbage; a heap of its own that may grow at will costs more memory than it saves time.
    maxYoungGenerationSizeMb: 16,
  });
  const ended = new Promise<readonly (readonly [string, number])[]>((end) => {
    worker.on("message", (answer: InspectAnswer) => {
      if ("times" in answer) end(answer.times);
      else answer.inspected.forEach(onInspected);
    });
    worker.on("error", () => end([]));
    worker.on("exit", () => end([]));
  });
  return { tell: (reading) => worker.postMessage(reading), end: () => ended };
}
