import { camelCase } from "../../spec/names.js";
import { createImports, inNaturalOrder } from "../code/imports.js";
import { lineWidth } from "../code/print-code.js";
import type { EmitContext, Emitter } from "../emitter.js";
import { comment, identifier, literal } from "../encode.js";
import type { UseCaseFacts } from "../use-case-facts.js";

/** `index.gen.ts`: every use case by name, for the application to import. */
export const indexEmitter: Emitter = {
  name: "index",
  all: (context, facts) => [{ path: context.paths.index, kind: "generated", template: "generated/index", view: indexView(context, facts) }],
};

function indexView({ project, paths }: EmitContext, facts: readonly UseCaseFacts[]): object {
  const useCases = inNaturalOrder(
    facts.map((useCase) => ({ useCase, name: identifier(useCase.name), constant: identifier(camelCase(useCase.name)) })),
    ({ constant }) => constant,
  );
  const imports = createImports(new Set(["useCases"]));
  const importOf = (to: string) => paths.importOf(paths.index, to);

  const members = useCases.map(({ useCase, name, constant }) => {
    const files = paths.useCase(name);
    if (useCase.handler !== undefined) imports.value(importOf(files.handler), `${constant}Handler`, constant);
    else imports.value(importOf(files.definition), constant);
    return `  readonly ${constant}: ${imports.type("usecasecore", "UseCase")}<${imports.type(importOf(files.definition), name)}>;`;
  });
  const typeExports = useCases.map(({ name }) => {
    const from = importOf(paths.useCase(name).definition);
    return { from, text: braced("export type", [`${name}Command`, `${name}Error`, `${name}Result`], ` from ${literal(from)};`) };
  });
  const sharedTypes =
    project.types.length === 0 ? [] : [{ from: importOf(paths.types), text: `export type * from ${literal(importOf(paths.types))};` }];
  const constants = useCases.map(({ constant }) => constant);
  return {
    specs: comment(`${project.config.specs}/`),
    imports: imports.print(),
    exports: inNaturalOrder([...typeExports, ...sharedTypes], ({ from }) => from).map(({ text }) => text),
    names: braced("export", constants, ";"),
    members,
    useCases: braced("} =", constants, ";"),
    tablesSchema: project.config.tables.schema === undefined ? "" : literal(project.config.tables.schema),
  };
}

function braced(head: string, names: readonly string[], tail: string): string {
  if (names.length === 0) return `${head} {}${tail}`;
  const flat = `${head} { ${names.join(", ")} }${tail}`;
  return flat.length <= lineWidth ? flat : `${head} {\n${names.map((name) => `  ${name},\n`).join("")}}${tail}`;
}
