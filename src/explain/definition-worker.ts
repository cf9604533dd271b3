// Runs in a worker thread: runs a generated definition with the project's schema and posts what a call of it does.
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import type { createJiti as CreateJiti } from "jiti";
import { explain } from "../runtime/explain/explain.js";
import type { Explanation } from "../runtime/explain/explanation.js";
import { type ErasedHandler, internalsOf } from "../runtime/internals.js";
import { plannedUseCase } from "../runtime/prepare-use-case.js";
import { ownNames } from "../runtime/sql/own-names.js";
import type { AnyUseCase } from "../runtime/use-case.js";

export interface WorkerInput {
  readonly root: string;
  /** The generated file, absolute. */
  readonly definition: string;
  /** The Postgres schema of the runtime's own tables. */
  readonly tablesSchema: string | undefined;
}

export type WorkerAnswer = { readonly explanation: Explanation } | { readonly failure: string };

/** Posts the answer; never rejects. */
export async function answer(input: WorkerInput, jitiUrl: string): Promise<void> {
  parentPort?.postMessage(await explained(input, jitiUrl));
}

async function explained({ root, definition: file, tablesSchema }: WorkerInput, jitiUrl: string): Promise<WorkerAnswer> {
  try {
    const { createJiti } = (await import(jitiUrl)) as { createJiti: typeof CreateJiti };
    const jiti = createJiti(join(root, "usecase.config.yaml"), { fsCache: false, tsconfigPaths: true });
    const names = ownNames(tablesSchema);
    const { definition } = internalsOf(useCaseIn(await jiti.import<Namespace>(file)));
    return { explanation: explain(names, plannedUseCase(definition, names)) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

type Namespace = Readonly<Record<string, unknown>> & { readonly defineHandler?: (handler: ErasedHandler) => AnyUseCase };

/** A definition is all there is to explain: whatever its handler decides is not asked. */
function useCaseIn({ defineHandler, ...others }: Namespace): AnyUseCase {
  return defineHandler === undefined ? (Object.values(others)[0] as AnyUseCase) : defineHandler({});
}
