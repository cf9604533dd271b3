import { createHash } from "node:crypto";

/**
 * The root of the Merkle tree over leaf hashes, as RFC 6962 builds it: so that one entry can be shown to be in a seal by
 * a few hashes, without the others. All hashes are SHA-256, hexadecimal.
 */
export function merkleRoot(leaves: readonly string[]): string {
  return rootOf(leaves.map((leaf) => Buffer.from(leaf, "hex"))).toString("hex");
}

function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return createHash("sha256").digest();
  if (leaves.length === 1) return only;
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  // The leaf's and the node's first byte differ, so that a node cannot pass for an entry.
  return createHash("sha256")
    .update(Buffer.of(1))
    .update(rootOf(leaves.slice(0, left)))
    .update(rootOf(leaves.slice(left)))
    .digest();
}
