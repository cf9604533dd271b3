import type { TableLoad, UseCase } from "../spec/model.js";

/** The loads that read rows of a table. */
export function tableLoads({ loads }: UseCase): readonly TableLoad[] {
  return loads.filter((load) => load.kind === "table");
}
