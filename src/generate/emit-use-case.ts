import type { Project, UseCase } from "../spec/model.js";
import { type EmitContext, emitContext, type View } from "./emitter.js";
import { emitters } from "./emitters/registry.js";
import { factsOf } from "./facts-of.js";
import type { EmittedFile } from "./files/emitted-file.js";
import type { Templates } from "./template/read-templates.js";
import { createRenderer } from "./template/render.js";
import type { UseCaseFacts } from "./use-case-facts.js";

/** Makes files in memory. */
export interface FileMaker {
  readonly context: EmitContext;
  /** Templates are read for the first file that is made of one. */
  fill(emitter: string, view: View): Promise<EmittedFile>;
}

/** One use case to be made. */
export interface Job {
  readonly useCase: UseCase;
  /** With those that send what starts it; undefined as long as nobody knows them. */
  readonly seen: readonly UseCase[] | undefined;
}

/** What came of it. */
export interface Made {
  readonly facts: UseCaseFacts;
  /** Undefined where nobody knows yet who starts it. */
  readonly files: readonly EmittedFile[] | undefined;
}

/** @param project one without use cases */
export function createFileMaker(project: Project, templates: () => Promise<Templates>): FileMaker {
  const open = async () => {
    const { parsed, overridden } = await templates();
    return { renderer: createRenderer(parsed), overridden };
  };
  let opened: ReturnType<typeof open> | undefined;
  return {
    context: emitContext(project),
    async fill(emitter, { path, kind, with: companion, template, view }) {
      opened ??= open();
      const { renderer, overridden } = await opened;
      const overrides = overridden.get(template);
      return {
        path,
        kind,
        emitter,
        ...(companion !== undefined && { with: companion }),
        ...(overrides !== undefined && { overrides }),
        text: `${renderer.render(template, view).trimEnd()}\n`,
      };
    },
  };
}

/** Makes what can be made of a use case by itself, and, where it is known who starts it, its files. */
export async function emitUseCase({ context, fill }: FileMaker, { useCase, seen }: Job): Promise<Made> {
  const facts = factsOf(useCase, context.project);
  const own = contextOf(facts, context, seen);
  if (own === undefined) return { facts, files: undefined };
  const files: EmittedFile[] = [];
  for (const { name, each } of emitters) for (const view of (await each?.(useCase, own)) ?? []) files.push(await fill(name, view));
  return { facts, files };
}

/** What nothing starts knows of no other use case: lint has seen it in the same project, and checked its expressions there. */
function contextOf({ startedBy }: UseCaseFacts, context: EmitContext, seen: Job["seen"]): EmitContext | undefined {
  if (startedBy.length === 0) return context;
  return seen && { ...context, project: { ...context.project, useCases: seen } };
}
