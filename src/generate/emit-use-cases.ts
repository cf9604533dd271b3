import { setImmediate as turn } from "node:timers/promises";
import type { Project } from "../spec/model.js";
import { openCounter, takeAll, takeBatches } from "../spec/shared-list.js";
import { type EmitHelper, startEmitHelper } from "./emit-helper.js";
import { createFileMaker, emitUseCase, type FileMaker, type Made } from "./emit-use-case.js";
import type { Templates } from "./template/read-templates.js";
import type { UseCaseSource } from "./use-case-source.js";

/** Below this many, starting a second thread costs more than it saves. */
const fewest = 100;

/** A use case, with those that send what starts it; undefined as long as nobody knows them. */
export interface Wanted {
  readonly source: UseCaseSource;
  readonly seen?: readonly UseCaseSource[];
}

/** Makes the files of use cases, with a second thread beside this one where that pays. */
export interface UseCaseEmitter extends FileMaker {
  emit(wanted: readonly Wanted[]): Promise<ReadonlyMap<UseCaseSource, Made>>;
  /** Lets go of the second thread. */
  end(): void;
}

/**
 * One use case after the other in each thread: views take many times the memory of the texts that become of them. What
 * fails is told as one thread would tell it: the first failure in the order of the use cases.
 */
export function createUseCaseEmitter(project: Project, templates: () => Promise<Templates>): UseCaseEmitter {
  const maker = createFileMaker(project, templates);
  let helper: EmitHelper | undefined;
  return {
    ...maker,
    async emit(wanted) {
      const made = new Map<UseCaseSource, Made>();
      const taken = openCounter();
      if (wanted.length >= fewest) helper ??= startEmitHelper({ project, templates: await templates() });
      const helped = helper?.help({ jobs: wanted.map(jobOf), taken }, (index, each) => {
        const source = wanted[index]?.source;
        if (source !== undefined) made.set(source, each);
      });
      const make = async ({ source, seen }: Wanted) => {
        const useCase = source.model();
        const job = { useCase, seen: seen?.map((each) => (each === source ? useCase : each.model())) };
        made.set(source, await emitUseCase(maker, job));
      };
      try {
        for (const { items } of takeBatches(wanted, taken)) {
          // Lets in what the helper has to say.
          await turn();
          for (const each of items) await make(each);
        }
      } catch {
        takeAll(wanted, taken);
      }
      await helped;
      for (const each of wanted) if (!made.has(each.source)) await make(each);
      return made;
    },
    end: () => helper?.end(),
  };
}

const jobOf = ({ source, seen }: Wanted) => ({ own: source.json(), seen: seen?.map((each) => each.json()) });
