import { findMessage } from "../spec/find-message.js";
import type { Project, UseCase } from "../spec/model.js";
import { type EmitContext, emitContext, type View } from "./emitter.js";
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
  const fill = ({ path, kind, with: companion, template, view }: View): EmittedFile => {
    const overrides = overridden.get(template);
    return {
      path,
      kind,
      ...(companion !== undefined && { with: companion }),
      ...(overrides !== undefined && { overrides }),
      text: `${renderer.render(template, view).trimEnd()}\n`,
    };
  };
  const files: EmittedFile[] = [];
  for (const { all } of emitters) if (all !== undefined) files.push(...(await all(context)).map(fill));
  for (const useCase of project.useCases) {
    const seen = withSenders(useCase, project);
    const known = kept?.get(useCase, seen);
    const made = known ?? (await viewsOf(useCase, { ...context, project: { ...project, useCases: seen } })).map(fill);
    if (known === undefined) kept?.put(useCase, seen, made);
    files.push(...made);
  }
  kept?.write();
  return files;
}

async function viewsOf(useCase: UseCase, context: EmitContext): Promise<readonly View[]> {
  const views: View[] = [];
  for (const { each } of emitters) if (each !== undefined) views.push(...(await each(useCase, context)));
  return views;
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
