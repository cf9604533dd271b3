import { createHash } from "node:crypto";
import type { SpecPath } from "../spec/model.js";

/**
 * Names a finding for as long as it is the same one: it survives edits elsewhere, also entries put before it in a list
 * and a changed wording of the message. `ordinal` tells apart findings that are the same in all of this.
 */
export function fingerprint(ruleId: string, file: string, path: SpecPath, text: string, ordinal: number): string {
  const names = path.filter((part) => typeof part === "string");
  return createHash("sha256")
    .update(JSON.stringify([ruleId, file, names, text, ordinal]))
    .digest("hex")
    .slice(0, 32);
}
