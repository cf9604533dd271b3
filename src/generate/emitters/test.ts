import { needsHandler } from "../../spec/needs-handler.js";
import type { Emitter } from "../emitter.js";
import { literal } from "../encode.js";
import { sortedErrors } from "../use-case/use-case-parts.js";

/** `<name>/<name>.test.ts`: a list of what to test, written together with a new handler. */
export const testEmitter: Emitter = {
  name: "test",
  each: (useCase, { paths }) =>
    needsHandler(useCase)
      ? [
          {
            path: paths.useCase(useCase.name).test,
            kind: "scaffold",
            with: paths.useCase(useCase.name).handler,
            template: "scaffold/test",
            view: {
              name: literal(useCase.name),
              summary: literal(useCase.summary),
              refusals: sortedErrors(useCase).map((error) => literal(`refuses with ${error.name}`)),
            },
          },
        ]
      : [],
};
