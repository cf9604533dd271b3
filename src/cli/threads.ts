// What the command line is bundled into one file for: the work of its threads.
import type { MessagePort } from "node:worker_threads";
import type { EmitInput } from "../generate/emit-helper.js";
import type { InspectInput } from "../lint/inspect-helper.js";

export { run } from "./run.js";

/** What a second thread may do in a large run. */
export const works = {
  async emit(input: EmitInput, port: MessagePort): Promise<void> {
    const { emitBeside } = await import("../generate/emit-worker.js");
    emitBeside(input, port);
  },
  async inspect(input: InspectInput, port: MessagePort): Promise<void> {
    const { inspectBeside } = await import("../lint/inspect-worker.js");
    await inspectBeside(input, port);
  },
  async generate(input: InspectInput, port: MessagePort): Promise<void> {
    const [{ inspectBeside }, { openMaker }] = await Promise.all([
      import("../lint/inspect-worker.js"),
      import("../generate/made-by-lint.js"),
    ]);
    await inspectBeside(input, port, { open: openMaker });
  },
};
