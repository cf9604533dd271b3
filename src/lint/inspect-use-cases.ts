import { setImmediate as turn } from "node:timers/promises";
import type { SchemaReading } from "../spec/drizzle-schema.js";
import { projectOf, type ReadUseCase } from "../spec/project-base.js";
import type { SpecContent } from "../spec/project-files.js";
import { openCounter, takeBatches } from "../spec/shared-list.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import { type MakeBeside, openCompanion } from "./companion.js";
import { type Helper, startHelper } from "./inspect-helper.js";
import type { InspectOptions } from "./inspect-options.js";
import { inspectUseCase } from "./inspect-use-case.js";
import { createNames, type ProjectNames, withoutOthers } from "./project-context.js";

/** Below this many, starting a second thread costs more than it saves. */
const fewest = 100;
/** Whether that pays. */
export const isMany = (contents: readonly SpecContent[]) => contents.length >= fewest;
/** How many a thread reads ahead of the schema: they take memory. */
export const mostWaiting = 200;

/**
 * Looks into many use cases, with a second thread beside this one where that pays. Their files are read while the schema
 * is; the rules wait for it.
 *
 * @returns by file
 */
export async function inspectUseCases(options: InspectOptions): Promise<ReadonlyMap<string, CheckedUseCase>> {
  const { files, base, models, contents, isWanted, stopwatch } = options;
  const found = new Map<string, CheckedUseCase>();
  const taken = openCounter();
  const byFile = new Map(contents.map((content) => [content.file, content]));
  const isFew = !isMany(contents);
  const companion = isFew ? undefined : options.companion;
  const helper: Helper | undefined =
    isFew || !files.onDisk
      ? undefined
      : startHelper(options, taken, ({ checked, hash, model, made }) => {
          const content = byFile.get(checked.file);
          // A file may have changed after it was read here.
          if (content?.hash !== hash) return;
          found.set(checked.file, checked);
          if (model !== undefined) models.put(content, model);
          if (made !== undefined) companion?.onMade(checked.file, made);
        });

  let known: { readonly names: ProjectNames; readonly make: MakeBeside } | undefined;
  const waiting: (readonly [SpecContent, ReadUseCase])[] = [];
  const inspect = async (content: SpecContent, read: ReadUseCase, { names, make }: NonNullable<typeof known>) => {
    if (isWanted(content)) {
      const checked = inspectUseCase(content.file, read, names, files.sources, stopwatch.rule);
      found.set(content.file, checked);
      const made = await make(read, checked);
      if (made !== undefined) companion?.onMade(content.file, made);
    }
    content.release();
  };
  const arrived = async (reading: SchemaReading) => {
    helper?.tell(reading);
    const names = createNames(withoutOthers(projectOf(files.root, base, reading, [])));
    known = { names, make: openCompanion(companion, names.project, base) };
    for (const [content, read] of waiting.splice(0)) await inspect(content, read, known);
    return known;
  };
  let reading: SchemaReading | undefined;
  void files.schema.then((answer) => {
    reading = answer;
  });
  for (const { items } of takeBatches(contents, taken)) {
    // Lets in what the schema's thread and the helper have to say.
    await turn();
    if (known === undefined && waiting.length >= mostWaiting) reading = await files.schema;
    if (known === undefined && reading !== undefined) await arrived(reading);
    for (const content of items) {
      const read = isFew ? models.readAnew(content) : models.read(content);
      if (known === undefined) waiting.push([content, read]);
      else await inspect(content, read, known);
    }
  }
  const all = known ?? (await arrived(await files.schema));
  for (const [rule, ms] of (await helper?.end()) ?? []) stopwatch.add(rule, ms);
  // Whatever the helper was to do and has not.
  for (const content of contents) if (!found.has(content.file)) await inspect(content, models.read(content), all);
  return found;
}
