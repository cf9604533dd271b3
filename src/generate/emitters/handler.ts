import type { UseCase } from "../../spec/model.js";
import { camelCase } from "../../spec/names.js";
import { needsHandler } from "../../spec/needs-handler.js";
import { createImports } from "../code/imports.js";
import type { EmitContext, Emitter } from "../emitter.js";
import { comment, identifier, literal, propertyKey } from "../encode.js";

/** `<name>/<name>.handler.ts`: the user's own; a first version that type-checks, where there is none. */
export const handlerEmitter: Emitter = {
  name: "handler",
  each: (useCase, context) =>
    needsHandler(useCase)
      ? [
          {
            path: context.paths.useCase(useCase.name).handler,
            kind: "scaffold",
            template: "scaffold/handler",
            view: handlerView(useCase, context),
          },
        ]
      : [],
};

function handlerView(useCase: UseCase, { paths }: EmitContext): object {
  const name = identifier(useCase.name);
  const { definition, handler } = paths.useCase(name);
  const imports = createImports(new Set([`${camelCase(name)}Handler`]));
  const from = paths.importOf(handler, definition);
  imports.value(from, "defineHandler");
  imports.type(from, `${name}Outcome`);
  imports.value("usecasecore", "notImplemented");
  const policies = useCase.policies === "none" ? [] : (useCase.policies ?? []);
  const checks = [...new Set(policies.flatMap((policy) => (policy.kind === "check" ? [policy.check.name] : [])))];
  return {
    name,
    constant: camelCase(name),
    imports: imports.print(),
    summary: comment(useCase.summary),
    prepare: useCase.prepare.map((each) => ({ key: propertyKey(each.name), todo: literal(`what prepares ${each.name}`) })),
    checks: checks.map((check) => ({ key: propertyKey(check), todo: literal(`the check ${check}`) })),
    todo: literal(`what ${name} does`),
  };
}
