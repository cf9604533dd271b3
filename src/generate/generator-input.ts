import { baseOf, projectOf } from "../spec/project-base.js";
import type { ProjectFiles } from "../spec/project-files.js";
import { ToolError } from "../spec/tool-error.js";
import { modelsOf } from "../spec/use-case-models.js";
import type { GeneratorInput } from "./use-case-source.js";

/**
 * What to generate from the files of a project that lints. With a cache, the models that lint has made or found are not
 * read from the specs again; and none is looked at before it is wanted.
 */
export async function generatorInput(files: ProjectFiles): Promise<GeneratorInput> {
  const base = baseOf(files);
  const models = modelsOf(files);
  const useCases = files.files
    .filter(({ kind }) => kind === "usecase")
    .map((content) => ({
      file: content.file,
      model() {
        const { useCase } = models.read(content);
        if (useCase === undefined) throw new ToolError("internal", `${content.file} has mistakes; lint should have said so.`);
        return useCase;
      },
      json: () => models.json(content),
    }));
  return { project: projectOf(files.root, base, await files.schema, []), useCases };
}
