import { findMessage } from "../spec/find-message.js";
import type { Project, UseCase } from "../spec/model.js";
import { emitContext, type View } from "./emitter.js";
import { emitters } from "./emitters/registry.js";
import type { EmittedFile } from "./files/emitted-file.js";
import type { KeptOutput } from "./kept-output.js";
import { readTemplates } from "./template/read-templates.js";
import { createRenderer } from "./template/render.js";

/**
 * Everything that the specs make, in memory. One use case after the other: views take many times the memory of the texts
 * that become of them.
 *
 * @param kept tells which use cases make what is on disk already
 * @throws ToolError when a template of the user has a mistake
 */
export async function emitFiles(project: Project, kept?: KeptOutput): Promise<readonly EmittedFile[]> {
  const context = emitContext(project);
  const { texts, overridden } = await readTemplates({ root: project.root, folder: project.config.templates });
  const renderer = await createRenderer({ texts });
  const fill = (emitter: string, { path, kind, with: companion, template, view }: View): EmittedFile => {
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
  const files: EmittedFile[] = [];
  for (const { name, all } of emitters) for (const view of (await all?.(context)) ?? []) files.push(fill(name, view));
  for (const useCase of project.useCases) {
    const seen = withSenders(useCase, project);
    const known = kept?.get(useCase, seen);
    if (known !== undefined) {
      files.push(...known);
      continue;
    }
    const own = { ...context, project: { ...project, useCases: seen } };
    const made: EmittedFile[] = [];
    for (const { name, each } of emitters) for (const view of (await each?.(useCase, own)) ?? []) made.push(fill(name, view));
    kept?.put(useCase, seen, made);
    files.push(...made);
  }
  kept?.write();
  return files;
}

/** With the use cases that send what starts it: they say what its expressions read. What it makes depends on no others. */
function withSenders(useCase: UseCase, project: Project): readonly UseCase[] {
  const seen = new Set([useCase]);
  for (const { triggers } of seen)
    for (const trigger of triggers) {
      const sender = trigger.kind === "schedule" ? undefined : findMessage(project, trigger)?.useCase;
      if (sender !== undefined) seen.add(sender);
    }
  return seen.size === 1 ? [useCase] : project.useCases.filter((each) => seen.has(each));
}
