import { hash } from "node:crypto";

/** A name for a content: the same for the same bytes only. */
export function contentHash(content: string | Uint8Array): string {
  return hash("sha256", content, "base64url").slice(0, 32);
}
