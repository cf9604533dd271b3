import { buildUseCase } from "../../spec/build/build-use-case.js";
import { cursor } from "../../spec/build/cursor.js";
import type { Config, UseCase } from "../../spec/model.js";
import { readYaml } from "../../spec/yaml/read-yaml.js";

/** A use case as the loader builds it, without a project around it. */
export function useCaseFrom(text: string, file = "specs/close-order.usecase.yaml"): UseCase {
  const shared = { types: [], type: () => undefined, error: () => undefined };
  return buildUseCase(cursor(readYaml(file, text), false), shared as never, { transaction: {} } as Config);
}
