import { commandJsonSchema } from "../../spec/json-schema.js";
import { createImports } from "../code/imports.js";
import type { Emitter } from "../emitter.js";
import { comment, identifier } from "../encode.js";
import { validatorCode } from "../validator/validator-code.js";

/** `<name>/<name>.validator.gen.ts`: the command's JSON Schema, compiled. */
export const validatorEmitter: Emitter = {
  name: "validator",
  emit: ({ project, paths }) =>
    Promise.all(
      project.useCases.map(async ({ name, file, command }) => {
        const imports = createImports([]);
        const validator = await validatorCode(commandJsonSchema(project, command));
        imports.type("usecasecore/validation", "CompiledValidator");
        for (const imported of validator.imports) imports.value("usecasecore/validation", imported);
        return {
          path: paths.useCase(name).validator,
          kind: "generated" as const,
          template: "generated/validator",
          view: { spec: comment(file), name: identifier(name), imports: imports.print(), code: validator.code },
        };
      }),
    ),
};
