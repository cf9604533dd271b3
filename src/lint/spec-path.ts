import type { SpecPath } from "../spec/model.js";

/** `policies[1].with.available` */
export function formatSpecPath(path: SpecPath): string {
  return path
    .map((part, index) =>
      typeof part === "number" ? `[${part}]` : /^[\w?$-]+$/.test(part) ? `${index === 0 ? "" : "."}${part}` : `[${JSON.stringify(part)}]`,
    )
    .join("");
}
