import type { Located, SpecPath } from "../spec/model.js";

/** The place of something inside a node: its `lock`, its `with`. */
export function within({ path, file }: Located, ...keys: SpecPath): Located {
  return { path: [...path, ...keys], ...(file !== undefined && { file }) };
}
