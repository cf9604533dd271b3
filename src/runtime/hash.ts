import { createHash } from "node:crypto";

/** SHA-256 as hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A key for Postgres' advisory locks: the first 64 bits of a SHA-256, as a signed integer's text. */
export function advisoryKey(...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest().readBigInt64BE(0).toString();
}

/** FNV-1a over UTF-16 units: which of `count` slots a key belongs to. */
export function slotOf(key: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % count;
}
