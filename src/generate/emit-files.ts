import type { Project } from "../spec/model.js";
import type { FileMaker, Made } from "./emit-use-case.js";
import { createUseCaseEmitter, type Wanted } from "./emit-use-cases.js";
import { emitters } from "./emitters/registry.js";
import type { EmittedFile, KeptFile } from "./files/emitted-file.js";
import type { KeptOutput, WrittenFile } from "./kept-output.js";
import { readTemplates } from "./template/read-templates.js";
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
 * Everything that the specs make, but for what earlier runs have made from the same.
 *
 * @param known tells what is on disk already
 * @param made what lint's threads have made of use cases, by the files of their specs
 * @throws ToolError when a template of the user has a mistake
 */
export async function emit(
  { project, useCases }: GeneratorInput,
  known?: KeptOutput,
  made: ReadonlyMap<string, Made> = new Map(),
): Promise<Emitted> {
  const { root, config } = project;
  const emitter = createUseCaseEmitter(project, () => readTemplates({ root, folder: config.templates, config: config.file }));
  try {
    const fresh = new Map<UseCaseSource, Made>();
    for (const source of useCases) {
      const each = made.get(source.file);
      if (each !== undefined) fresh.set(source, each);
    }
    const unknown = useCases.filter((source) => !fresh.has(source) && known?.facts(source.file) === undefined);
    for (const [source, each] of await emitter.emit(unknown.map((source) => ({ source })))) fresh.set(source, each);
    const facts = new Map<string, UseCaseFacts>();
    for (const source of useCases) {
      const fact = known?.facts(source.file) ?? fresh.get(source)?.facts;
      if (fact !== undefined) facts.set(source.file, fact);
    }
    const senders = sendersIn(useCases, facts);
    const before: KeptFile[] = [];
    const stale: Wanted[] = [];
    for (const source of useCases) {
      if (fresh.get(source)?.files !== undefined) continue;
      const seen = senders(source);
      const kept = known?.ofUseCase(source.file, seen);
      if (kept === undefined) stale.push({ source, seen });
      else before.push(...kept);
    }
    const late = await emitter.emit(stale);
    const ofEach = useCases.flatMap((source) => {
      const { facts, files } = late.get(source) ?? fresh.get(source) ?? {};
      return facts === undefined || files === undefined ? [] : [{ source, facts, files }];
    });
    const ofAll = known?.ofAll(facts);
    const together = ofAll === undefined ? await emitTogether(emitter, [...facts.values()]) : [];
    return {
      files: [...together, ...ofEach.flatMap(({ files }) => files)],
      kept: [...(ofAll ?? []), ...before],
      facts,
      keep(hashOf) {
        const written = ({ text: _, ...file }: EmittedFile): WrittenFile => {
          const hash = file.kind === "generated" ? hashOf(file.path) : undefined;
          return hash === undefined ? file : { ...file, hash };
        };
        if (ofAll === undefined) known?.putAll(facts, together.map(written));
        for (const { source, facts: own, files } of ofEach) known?.putUseCase(source.file, senders(source), own, files.map(written));
        known?.write();
      },
    };
  } finally {
    emitter.end();
  }
}

async function emitTogether({ context, fill }: FileMaker, facts: readonly UseCaseFacts[]): Promise<readonly EmittedFile[]> {
  const made: EmittedFile[] = [];
  for (const { name, all } of emitters) for (const view of (await all?.(context, facts)) ?? []) made.push(await fill(name, view));
  return made;
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
