import { setImmediate as turn } from "node:timers/promises";
import type { SchemaReading } from "../spec/drizzle-schema.js";
import { type ProjectBase, projectOf, type ReadUseCase } from "../spec/project-base.js";
import type { ProjectFiles, SpecContent } from "../spec/project-files.js";
import type { UseCaseModels } from "../spec/use-case-models.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import { type Helper, startHelper } from "./inspect-helper.js";
import { inspectUseCase } from "./inspect-use-case.js";
import { createNames, type ProjectNames, withoutOthers } from "./project-context.js";
import type { Stopwatch } from "./stopwatch.js";

/** Below this many, starting a second thread costs more than it saves. */
const fewest = 100;
/** Whether that pays. */
export const isMany = (contents: readonly SpecContent[]) => contents.length >= fewest;
/** How many use cases a thread takes at a time. */
export const batch = 4;
/** How many a thread reads ahead of the schema: they take memory. */
export const mostWaiting = 200;

/**
 * Looks into many use cases, with a second thread beside this one where that pays. Their files are read while the schema
 * is; the rules wait for it.
 *
 * @param isWanted asked once the schema is there
 * @returns by file
 */
export async function inspectUseCases(
  files: ProjectFiles,
  base: ProjectBase,
  models: UseCaseModels,
  contents: readonly SpecContent[],
  isWanted: (content: SpecContent) => boolean,
  stopwatch: Stopwatch,
): Promise<ReadonlyMap<string, CheckedUseCase>> {
  const found = new Map<string, CheckedUseCase>();
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const byFile = new Map(contents.map((content) => [content.file, content]));
  const isFew = !isMany(contents);
  const helper: Helper | undefined =
    isFew || !files.onDisk
      ? undefined
      : startHelper(files, base, contents, next, stopwatch.rule !== undefined, ({ checked, hash, model }) => {
          const content = byFile.get(checked.file);
          // A file may have changed after it was read here.
          if (content?.hash !== hash) return;
          found.set(checked.file, checked);
          if (model !== undefined) models.put(content, model);
        });

  let names: ProjectNames | undefined;
  const waiting: (readonly [SpecContent, ReadUseCase])[] = [];
  const inspect = (content: SpecContent, read: ReadUseCase, known: ProjectNames) => {
    if (isWanted(content)) found.set(content.file, inspectUseCase(content.file, read, known, files.sources, stopwatch.rule));
    content.release();
  };
  const arrived = (reading: SchemaReading) => {
    helper?.tell(reading);
    names = createNames(withoutOthers(projectOf(files.root, base, reading, [])));
    for (const [content, read] of waiting.splice(0)) inspect(content, read, names);
  };
  let reading: SchemaReading | undefined;
  void files.schema.then((answer) => {
    reading = answer;
  });
  for (let start = Atomics.add(next, 0, batch); start < contents.length; start = Atomics.add(next, 0, batch)) {
    // Lets in what the schema's thread and the helper have to say.
    await turn();
    if (names === undefined && waiting.length >= mostWaiting) reading = await files.schema;
    if (names === undefined && reading !== undefined) arrived(reading);
    for (const content of contents.slice(start, start + batch)) {
      const read = isFew ? models.readAnew(content) : models.read(content);
      if (names === undefined) waiting.push([content, read]);
      else inspect(content, read, names);
    }
  }
  if (names === undefined) arrived(await files.schema);
  for (const [rule, ms] of (await helper?.end()) ?? []) stopwatch.add(rule, ms);
  // Whatever the helper was to do and has not.
  for (const content of contents) if (names !== undefined && !found.has(content.file)) inspect(content, models.read(content), names);
  return found;
}
