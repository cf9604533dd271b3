import { expect, test } from "vitest";
import { testUseCase } from "../../testing/server/fixtures/use-case.js";
import { sha256 } from "../hash.js";
import { internalsOf } from "../internals.js";
import { canonicalJson } from "./canonical-json.js";
import { fingerprint } from "./fingerprint.js";

const definitionOf = (definition: Parameters<typeof testUseCase>[0]) => internalsOf(testUseCase(definition)).definition;
const idempotency = { key: "caller", scope: "tenant", retentionSeconds: 1 } as const;
const plain = definitionOf({ name: "Plain", idempotency });
const secret = definitionOf({ name: "Secret", idempotency, secretFields: ["note", "card.number", "lines.pin"] });
const command = { a: 1, note: "n", card: { number: "4242", name: "Ann" }, lines: [{ pin: "1", n: 1 }, { n: 2 }] };

test("without secrets it is the hash of the canonical command", () => {
  expect(fingerprint(plain, { b: 1, a: "x" }, "identity", undefined)).toBe(sha256('{"a":"x","b":1}'));
});

test("each secret takes part, and none as itself", () => {
  const print = (changed: object) => fingerprint(secret, { ...command, ...changed }, "identity", "key");
  const prints = [
    print({}),
    print({ note: "m" }),
    print({ note: undefined }),
    print({ card: { number: "4243", name: "Ann" } }),
    print({ lines: [{ pin: "2", n: 1 }, { n: 2 }] }),
    sha256(canonicalJson(command)),
  ];
  expect(new Set(prints).size).toBe(prints.length);
  expect(print({})).toBe(prints[0]);
});

test("equal secrets under another key, or another core's key, look different", () => {
  const prints = [
    fingerprint(secret, command, "identity", "key"),
    fingerprint(secret, command, "identity", "other key"),
    fingerprint(secret, command, "identity", undefined),
    fingerprint(secret, command, "other identity", "key"),
  ];
  expect(new Set(prints).size).toBe(4);
});

test("a spec may say what makes the command the same", () => {
  const chosen = definitionOf({ name: "Chosen", idempotency: { ...idempotency, fingerprint: ({ command: { a } }) => a } });
  expect(fingerprint(chosen, { a: 1, b: 2 }, "i", undefined)).toBe(fingerprint(chosen, { a: 1, b: 3 }, "i", undefined));
  expect(fingerprint(chosen, { a: 1 }, "i", undefined)).not.toBe(fingerprint(chosen, { a: 2 }, "i", undefined));
});
