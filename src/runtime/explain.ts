import type { PreparedUseCase } from "./runtime.js";

export function explain({ definition }: PreparedUseCase): string {
  return definition.name;
}
