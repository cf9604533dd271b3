import type { Project } from "../spec/model.js";
import { emitContext, type View } from "./emitter.js";
import { emitters } from "./emitters/registry.js";
import { factsOf } from "./facts-of.js";
import type { EmittedFile, KeptFile } from "./files/emitted-file.js";
import type { KeptOutput, WrittenFile } from "./kept-output.js";
import { readTemplates } from "./template/read-templates.js";
import { createRenderer, type Renderer } from "./template/render.js";
import type { UseCaseFacts } from "./use-case-facts.js";
import { type GeneratorInput, inputOf, type UseCaseSource } from "./use-case-source.js";

/** What is made of a project: of each use case, and of all of them. */
export interface Emitted {
  readonly files: readonly EmittedFile[];
  /** What is on disk as it would be made. */
  readonly kept: readonly KeptFile[];
  /** By the file of the spec. */
  readonly facts: ReadonlyMap<string, UseCaseFacts>;
  /** Keeps what was made for later runs. `hashOf`: the content hash of what is on disk now. */
  keep(hashOf: (path: string) => string | undefined): void;
}

/** Everything that the specs make, in memory. */
export async function emitFiles(project: Project): Promise<readonly EmittedFile[]> {
  return (await emit(inputOf(project))).files;
}

/**
 * Everything that the specs make, but for what earlier runs have made from the same. One use case after the other:
 * views take many times the memory of the texts that become of them.
 *
 * @param known tells what is on disk already
 * @throws ToolError when a template of the user has a mistake
 */
export async function emit({ project, useCases }: GeneratorInput, known?: KeptOutput): Promise<Emitted> {
  const facts = new Map<string, UseCaseFacts>();
  for (const { file, model } of useCases) facts.set(file, known?.facts(file) ?? factsOf(model(), project));
  const senders = sendersIn(useCases, facts);

  const files: EmittedFile[] = [];
  const kept: KeptFile[] = [];
  const keeping: ((written: (files: readonly EmittedFile[]) => readonly WrittenFile[]) => void)[] = [];
  const fill = renderOnDemand(project);
  const context = emitContext({ ...project, useCases: [] });

  const ofAll = known?.ofAll(facts);
  if (ofAll !== undefined) kept.push(...ofAll);
  else {
    const made: EmittedFile[] = [];
    for (const { name, all } of emitters)
      for (const view of (await all?.(context, [...facts.values()])) ?? []) made.push(await fill(name, view));
    files.push(...made);
    keeping.push((written) => known?.putAll(facts, written(made)));
  }
  for (const source of useCases) {
    const { file } = source;
    const seen = senders(source);
    const before = known?.ofUseCase(file, seen);
    if (before !== undefined) {
      kept.push(...before);
      continue;
    }
    const useCase = source.model();
    const own = { ...context, project: { ...project, useCases: seen.map((each) => each.model()) } };
    const made: EmittedFile[] = [];
    for (const { name, each } of emitters) for (const view of (await each?.(useCase, own)) ?? []) made.push(await fill(name, view));
    files.push(...made);
    const fact = facts.get(file);
    if (fact !== undefined) keeping.push((written) => known?.putUseCase(file, seen, fact, written(made)));
  }
  return {
    files,
    kept,
    facts,
    keep(hashOf) {
      const written = ({ text: _, ...file }: EmittedFile): WrittenFile => {
        const hash = file.kind === "generated" ? hashOf(file.path) : undefined;
        return hash === undefined ? file : { ...file, hash };
      };
      for (const each of keeping) each((made) => made.map(written));
      known?.write();
    },
  };
}

/** Templates are read and compiled for the first file that is made of one. */
function renderOnDemand({ root, config }: GeneratorInput["project"]) {
  let templates: Promise<{ readonly renderer: Renderer; readonly overridden: ReadonlyMap<string, readonly string[]> }> | undefined;
  const open = async () => {
    const { texts, overridden } = await readTemplates({ root, folder: config.templates, config: config.file });
    return { renderer: await createRenderer({ texts }), overridden };
  };
  return async (emitter: string, { path, kind, with: companion, template, view }: View): Promise<EmittedFile> => {
    templates ??= open();
    const { renderer, overridden } = await templates;
    const overrides = overridden.get(template);
    return {
      path,
      kind,
      emitter,
      ...(companion !== undefined && { with: companion }),
      ...(overrides !== undefined && { overrides }),
      text: `${renderer.render(template, view).trimEnd()}\n`,
    };
  };
}

/** For a use case: itself with those that send what starts it, because its expressions read what these say. What it makes depends on no others. */
function sendersIn(useCases: readonly UseCaseSource[], facts: ReadonlyMap<string, UseCaseFacts>) {
  const senders = new Map<string, UseCaseSource>();
  for (const source of useCases) for (const key of facts.get(source.file)?.sends ?? []) if (!senders.has(key)) senders.set(key, source);
  return (source: UseCaseSource): readonly UseCaseSource[] => {
    const seen = new Set([source]);
    for (const { file } of seen)
      for (const key of facts.get(file)?.startedBy ?? []) {
        const sender = senders.get(key);
        if (sender !== undefined) seen.add(sender);
      }
    return seen.size === 1 ? [source] : useCases.filter((each) => seen.has(each));
  };
}
