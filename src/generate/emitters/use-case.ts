import type { Emitter } from "../emitter.js";
import { useCaseView } from "../use-case/use-case-view.js";

/** `<name>/<name>.gen.ts`: the types of a use case and its definition as data. */
export const useCaseEmitter: Emitter = {
  name: "use-case",
  each: (useCase, context) => [
    {
      path: context.paths.useCase(useCase.name).definition,
      kind: "generated",
      template: "generated/use-case",
      view: useCaseView(useCase, context),
    },
  ],
};
