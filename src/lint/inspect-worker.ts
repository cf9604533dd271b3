// Runs in a second thread: looks into use cases beside the first, until there are none left to take.
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { readConfigText } from "../spec/config/config-document.js";
import type { SchemaReading } from "../spec/drizzle-schema.js";
import { projectOf, type ReadUseCase, readBase } from "../spec/project-base.js";
import { readContent, type SpecContent } from "../spec/project-files.js";
import { takeBatches } from "../spec/shared-list.js";
import { createSourceMap } from "../spec/source-map.js";
import { isWhole } from "../spec/use-case-models.js";
import { type Companion, type MakeBeside, openCompanion } from "./companion.js";
import type { InspectAnswer, Inspected, InspectInput } from "./inspect-helper.js";
import { inspectUseCase } from "./inspect-use-case.js";
import { mostWaiting } from "./inspect-use-cases.js";
import { createNames, type ProjectNames, withoutOthers } from "./project-context.js";
import { createStopwatch } from "./stopwatch.js";

/** Posts what it finds; the first thread tells it the schema. */
export async function inspectBeside(input: InspectInput, port: MessagePort, companion?: Pick<Companion, "open">): Promise<void> {
  const { root, config, configText, baseKey, base: baseFiles, useCases, taken, timed } = input;
  const post = (answer: InspectAnswer) => port.postMessage(answer);
  const stopwatch = createStopwatch({ ofRules: timed });
  const contents = baseFiles.map(({ file, kind }) => readContent(root, file, kind));
  const sources = createSourceMap([readConfigText(config.file ?? "", configText), ...contents.filter(({ kind }) => kind !== undefined)]);
  const base = readBase({ config, files: contents, sources });
  // Otherwise something has changed since the first thread has read it.
  if (base.key === baseKey) await inspectAll();
  post({ times: stopwatch.stats(0, 0).rules.map(({ id, ms }) => [id, ms]) });

  async function inspectAll(): Promise<void> {
    let known: { readonly names: ProjectNames; readonly make: MakeBeside } | undefined;
    const waiting: (readonly [SpecContent, ReadUseCase])[] = [];
    const inspectEach = async (read: typeof waiting, { names, make }: NonNullable<typeof known>) => {
      const inspected: Inspected[] = [];
      for (const [content, each] of read) inspected.push(await inspect(content, each, names, make));
      post({ inspected });
    };
    const arrived = async (reading: SchemaReading): Promise<void> => {
      const names = createNames(withoutOthers(projectOf(root, base, reading, [])));
      known = { names, make: openCompanion(companion, names.project, base) };
      await inspectEach(waiting.splice(0), known);
    };
    for (const { items } of takeBatches(useCases, taken)) {
      const told = known === undefined ? receiveMessageOnPort(port) : undefined;
      if (told !== undefined) await arrived(told.message as SchemaReading);
      else if (waiting.length >= mostWaiting) await arrived(await schemaTold());
      const read = items.map((file) => {
        const content = readContent(root, file, "usecase");
        return [content, base.read(content)] as const;
      });
      if (known === undefined) waiting.push(...read);
      else await inspectEach(read, known);
    }
    if (waiting.length > 0) await arrived(await schemaTold());
  }

  function schemaTold(): Promise<SchemaReading> {
    return new Promise((resolve) => port.once("message", resolve));
  }

  async function inspect(content: SpecContent, read: ReadUseCase, names: ProjectNames, make: MakeBeside): Promise<Inspected> {
    const own = createSourceMap([content]);
    const place = (file: string) => (file === content.file ? own : sources);
    const both = {
      files: sources.files,
      locate: (at: Parameters<typeof own.locate>[0]) => place(at.file).locate(at),
      offsets: (at: Parameters<typeof own.locate>[0]) => place(at.file).offsets(at),
      text: (file: string) => place(file).text(file),
    };
    const checked = inspectUseCase(content.file, read, names, both, stopwatch.rule);
    const made = await make(read, checked);
    return { checked, hash: content.hash, model: isWhole(read) ? JSON.stringify(read) : undefined, made };
  }
}
