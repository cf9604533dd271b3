// The schemas in the editor: the real yaml-language-server, which VS Code's YAML extension and others run, finds mistakes,
// offers keys and values, and explains them.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const sample = readFileSync(`${root}specs/move-inventory.usecase.yaml`, "utf8");
const machine =
  "# yaml-language-server: $schema=../schema/machine.schema.json\nmachine: Order\ntable: orders\nfield: status\ninitial: draft\n";

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}
interface Item {
  readonly label: string;
  readonly insertText: string;
  readonly documentation?: string | { readonly value: string };
}

let server: ChildProcessWithoutNullStreams;
let connection: MessageConnection;
const answered = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();

beforeAll(async () => {
  const script = createRequire(import.meta.url).resolve("yaml-language-server/bin/yaml-language-server");
  server = spawn(process.execPath, [script, "--stdio"]);
  connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  connection.onRequest("workspace/configuration", ({ items }: { items: readonly unknown[] }) => items.map(() => null));
  connection.onRequest("client/registerCapability", () => null);
  connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => answered.get(uri)?.(diagnostics));
  connection.listen();
  await connection.sendRequest("initialize", { processId: process.pid, rootUri: pathToFileURL(root).href, capabilities: {} });
  await connection.sendNotification("initialized", {});
});
afterAll(() => {
  connection.dispose();
  server.kill();
});

let opened = 0;
/** Opens a text; `¦` is where the cursor is. */
async function open(marked: string) {
  const uri = pathToFileURL(`${root}specs/open-${opened++}.usecase.yaml`).href;
  const text = marked.replace("¦", "");
  const before = marked.slice(0, Math.max(marked.indexOf("¦"), 0)).split("\n");
  const at = { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
  const diagnostics = new Promise<readonly Diagnostic[]>((resolve) => {
    answered.set(uri, resolve);
  });
  await connection.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "yaml", version: 1, text } });
  return {
    diagnostics: (await diagnostics).map(({ message, range }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`),
    async offered(): Promise<ReadonlyMap<string, string>> {
      const { items } = await connection.sendRequest<{ items: readonly Item[] }>("textDocument/completion", at);
      const words = ({ documentation = "" }: Item) => (typeof documentation === "string" ? documentation : documentation.value);
      return new Map(items.map((item) => [item.label, words(item)]));
    },
    async hover(): Promise<string> {
      const hover = await connection.sendRequest<{ contents: { value: string } } | null>("textDocument/hover", at);
      return hover?.contents.value ?? "";
    },
  };
}

const edited = (from: string, to: string) => {
  expect(sample).toContain(from);
  return sample.replace(from, to);
};

describe("finds", () => {
  test.each([
    ["nothing in a sound spec", sample, []],
    ["a wrong key", edited("policies:", "polices:"), [expect.stringContaining("28:1 Property polices is not allowed")]],
    [
      "a value that is none",
      edited("lock: no key update", "lock: exclusive"),
      [expect.stringMatching(/^20:11 .*"none", "share", "no key update", "update"/)],
    ],
    ["a missing key", edited("kind: not-found", ""), [expect.stringContaining("48")]],
  ])("%s", async (_name, text, expected) => {
    expect((await open(text)).diagnostics).toEqual(expected);
  });
});

describe("offers, each with what it means,", () => {
  test.each([
    ["the keys of a use case", `${sample}\n¦`, ["prepare", "transitions", "triggers", "transaction", "tx", "tenant", "description"]],
    [
      "the keys of a load",
      edited("    missing: BalanceNotFound\n  dest", "    ¦\n  dest"),
      ["cardinality", "wait", "orderBy", "limit", "keyBy", "missing", "aggregate", "columns", "when"],
    ],
    ["locks", edited("lock: no key update", "lock: ¦no key update"), ["none", "share", "no key update", "update"]],
    ["types", edited("toLocationId: uuid", "toLocationId: ¦uuid"), ["string", "decimal", "timestamp", "json"]],
    [
      "the keywords of a type",
      edited("  quantity: { type: integer, minimum: 1, maximum: 1000000 }", "  quantity:\n    type: integer\n    ¦"),
      ["minimum", "maximum", "multipleOf", "default", "nullable", "secret"],
    ],
    ["operations", edited("inventoryMovements: [insert]", "inventoryMovements: [¦insert]"), ["insert", "update", "delete"]],
    ["kinds of errors", edited("kind: not-found", "kind: ¦not-found"), ["invalid", "forbidden", "not-found", "conflict", "gone"]],
    ["the keys of a machine's state", `${machine}states:\n  draft:\n    ¦\n`, ["type", "on", "description"]],
    [
      "the severities of a rule",
      "# yaml-language-server: $schema=../schema/config.schema.json\nschema: db.ts\nlint:\n  rules:\n    lock/order-cycle: ¦error\n",
      ["error", "warning"],
    ],
  ])("%s", async (_name, text, labels) => {
    const offered = await (await open(text)).offered();
    expect([...offered.keys()]).toEqual(expect.arrayContaining(labels));
    for (const label of labels) expect(offered.get(label), label).toMatch(/^\S.*[\w).:`"}]$/s);
  });
});

test.each([
  ["a key", edited("    table:", "    ta¦ble:"), "export name in the Drizzle schema"],
  ["a value and its alternatives", edited("lock: no key update", "lock: no k¦ey update"), "nobody else changes them"],
])("explains %s", async (_name, text, explanation) => {
  expect(await (await open(text)).hover()).toContain(explanation);
});
