// Runs in a second thread: makes the files of use cases beside the first, until there are none left to take.
import type { MessagePort } from "node:worker_threads";
import type { UseCase } from "../spec/model.js";
import { takeAll, takeBatches } from "../spec/shared-list.js";
import type { EmitAnswer, EmitInput, EmitTask } from "./emit-helper.js";
import { createFileMaker, emitUseCase } from "./emit-use-case.js";

/** Posts what it makes; the first thread gives it tasks, and at last none. */
export function emitBeside({ project, templates }: EmitInput, port: MessagePort): void {
  const maker = createFileMaker(project, () => Promise.resolve(templates));
  const modelIn = (json: string): UseCase => JSON.parse(json).useCase;
  const post = (answer: EmitAnswer) => port.postMessage(answer);

  port.on("message", (task: EmitTask | undefined) => {
    if (task === undefined) port.close();
    else void makeAll(task);
  });

  async function makeAll({ jobs, taken }: EmitTask): Promise<void> {
    try {
      for (const { start, items } of takeBatches(jobs, taken)) {
        const made: EmitAnswer[number][] = [];
        for (const [offset, { own, seen }] of items.entries()) {
          const useCase = modelIn(own);
          const job = { useCase, seen: seen?.map((json) => (json === own ? useCase : modelIn(json))) };
          made.push([start + offset, await emitUseCase(maker, job)]);
        }
        post(made);
      }
    } catch {
      // The first thread finds out what is wrong, and tells it as it would by itself.
      takeAll(jobs, taken);
    }
    post([]);
  }
}
