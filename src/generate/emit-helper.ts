import { availableParallelism } from "node:os";
import type { Project } from "../spec/model.js";
import { isCompiled } from "../spec/package-file.js";
import { startWork } from "../spec/start-work.js";
import type { Made } from "./emit-use-case.js";
import type { Templates } from "./template/read-templates.js";

/** What the second thread is given at first: see `emit-worker.ts`. */
export interface EmitInput {
  readonly project: Project;
  readonly templates: Templates;
}

/** Jobs with their models as JSON; both threads take the next ones, as `taken` says. */
export interface EmitTask {
  readonly jobs: readonly { readonly own: string; readonly seen: readonly string[] | undefined }[];
  readonly taken: Int32Array;
}

/** What was made of jobs, by their index; none: there are no more to take. */
export type EmitAnswer = readonly (readonly [index: number, made: Made])[];

export interface EmitHelper {
  /** Resolves when it has nothing more to say of them. */
  help(task: EmitTask, onMade: (index: number, made: Made) => void): Promise<void>;
  end(): void;
}

/** A second thread that makes the files of use cases; undefined where there is no second core. Should it fail, it has just said less. */
export function startEmitHelper(input: EmitInput): EmitHelper | undefined {
  if (!isCompiled || availableParallelism() < 2) return undefined;
  const worker = startWork("emit", input, {
    // Views are soon garbage; a heap of its own that may grow at will costs more memory than it saves time.
    maxYoungGenerationSizeMb: 8,
  });
  let isGone = false;
  let onAnswer: (answer: EmitAnswer) => void = () => {};
  worker.on("message", (answer: EmitAnswer) => onAnswer(answer));
  for (const end of ["error", "exit"])
    worker.on(end, () => {
      isGone = true;
      onAnswer([]);
    });
  return {
    help: (task, onMade) =>
      new Promise((end) => {
        if (isGone) return end();
        onAnswer = (answer) => {
          if (answer.length === 0) end();
          for (const [index, made] of answer) onMade(index, made);
        };
        worker.postMessage(task);
      }),
    end: () => worker.postMessage(undefined),
  };
}
