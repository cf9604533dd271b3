import { hash } from "node:crypto";

/** SHA-256 as hexadecimal digits. */
export function sha256(text: string): string {
  return hash("sha256", text);
}

/** A key for Postgres' advisory locks: the first 64 bits of a SHA-256, as a signed integer's text. */
export function advisoryKey(...parts: readonly string[]): string {
  return hash("sha256", parts.join("\0"), "buffer").readBigInt64BE(0).toString();
}

/** FNV-1a over UTF-16 units: which of `count` slots a key belongs to. */
export function slotOf(key: string, count: number): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) state = Math.imul(state ^ key.charCodeAt(at), 0x01000193);
  return (state >>> 0) % count;
}
