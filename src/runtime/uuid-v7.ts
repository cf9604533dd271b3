import { randomBytes } from "node:crypto";

// Random bytes are drawn in blocks: one call to the system per id would cost more than the rest of it.
const block = 4000;
let pool = Buffer.alloc(0);
let used = 0;

/** A uuid of version 7 (RFC 9562): it begins with the time, so that new rows lie together in an index. */
export function uuidV7(): string {
  if (used + 10 > pool.length) {
    pool = randomBytes(block);
    used = 0;
  }
  const random = pool.subarray(used, used + 10);
  used += 10;
  const time = Date.now().toString(16).padStart(12, "0");
  const hex = random.toString("hex");
  const variant = (8 + ((random[9] ?? 0) & 3)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}
