import type { Typed } from "../../spec/expression/typed.js";
import { words } from "../../spec/names.js";
import type { Rule } from "../rule.js";
import { typedNodes } from "../typed-nodes.js";

export const idempotencyUnstableKey: Rule = {
  id: "idempotency/unstable-key",
  severity: "warning",
  subject: "use case",
  summary: "a key or fingerprint that changes when a call is repeated, or that never changes",
  why: "A repeated call is recognised by its key. A moment, a random value or the number of the attempt is another one at every try, and everything is done again; a key that is always the same makes all calls one.",
  bad: {
    spec: `
command:
  orderId: uuid
  sentAt: timestamp
idempotency:
  key: command.sentAt  # found here
`,
  },
  good: {
    spec: `
command:
  orderId: uuid
  sentAt: timestamp
idempotency:
  key: command.orderId
`,
  },
  check({ expressions }, report) {
    for (const { place, expression, checked } of expressions()) {
      const isKey = place.kind === "idempotency key";
      if ((!isKey && place.kind !== "idempotency fingerprint") || checked.tree === undefined) continue;
      if (isKey && checked.roots.size === 0 && checked.problems.length === 0)
        report({ at: expression, message: "This key is the same for every call: the second caller would get the first one's result." });
      for (const node of typedNodes(checked.tree)) {
        const why = instability(node);
        if (why === undefined || node.op !== "field") continue;
        report({
          at: expression,
          span: { start: node.start, end: node.end },
          message: `${node.name} ${why}: a repeated call would not be recognised.`,
          help: "Take what names the wish itself: the caller's key (`caller`), a request id, the row it is about.",
        });
      }
    }
  },
};

const passing: ReadonlySet<string> = new Set(["random", "nonce", "attempt", "retry", "retries", "timestamp", "trace", "span", "salt"]);

function instability(node: Typed): string | undefined {
  if (node.op !== "field") return undefined;
  const parts = words(node.name).map((word) => word.toLowerCase());
  if (node.type.kind === "timestamp" && sent.test(parts.join(" "))) return "is the moment of one attempt";
  return parts.some((part) => passing.has(part)) ? "differs with each attempt" : undefined;
}

/** When the call was made; the moment that a booking begins is part of the wish. */
const sent = /\b(now|sent|requested|issued|clicked|submitted|client|current|called|received)\b/;
