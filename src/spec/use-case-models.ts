import { baseOf, type ProjectBase, type ReadUseCase } from "./project-base.js";
import type { ProjectFiles, SpecContent } from "./project-files.js";

/** The models of a project's use cases: read from their files, by this run or an earlier one. */
export interface UseCaseModels {
  read(content: SpecContent): ReadUseCase;
  /** The same as JSON. */
  json(content: SpecContent): string;
  /** The same from the file itself: reading all that is kept costs more than a few files do. */
  readAnew(content: SpecContent): ReadUseCase;
  /** What another thread has read and is whole, as JSON. */
  put(content: SpecContent, json: string): void;
  /** Keeps what is new. */
  write(): void;
}

const models = new WeakMap<ProjectFiles, UseCaseModels>();

/** The same for all who work on the same files. */
export function modelsOf(files: ProjectFiles): UseCaseModels {
  const known = models.get(files) ?? createUseCaseModels(files, baseOf(files));
  models.set(files, known);
  return known;
}

function createUseCaseModels({ files, cache }: Pick<ProjectFiles, "files" | "cache">, base: ProjectBase): UseCaseModels {
  const journal = cache?.journal("use-cases");
  const known = new Map<string, string>();
  // Names all that a model follows from.
  const keyOf = ({ hash }: SpecContent) => `${base.key} ${hash}`;
  const keptOf = (content: SpecContent) => known.get(content.file) ?? journal?.get(content.file, keyOf(content));
  const readAnew = (content: SpecContent): ReadUseCase => {
    const read = base.read(content);
    if (isWhole(read)) journal?.put(content.file, keyOf(content), JSON.stringify(read));
    return read;
  };
  return {
    read(content) {
      const json = keptOf(content);
      return json === undefined ? readAnew(content) : (JSON.parse(json) as ReadUseCase);
    },
    json: (content) => keptOf(content) ?? JSON.stringify(readAnew(content)),
    readAnew,
    put(content, json) {
      if (journal === undefined) known.set(content.file, json);
      else journal.put(content.file, keyOf(content), json);
    },
    write: () => journal?.write(new Set(files.flatMap(({ kind, file }) => (kind === "usecase" ? [file] : [])))),
  };
}

/** Whether it is plain data, so that it can be kept. */
export const isWhole = ({ useCase }: ReadUseCase) => useCase !== undefined;
