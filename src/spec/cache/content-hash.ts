import { createHash } from "node:crypto";

/** A name for a content: the same for the same bytes only. */
export function contentHash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("base64url").slice(0, 32);
}
