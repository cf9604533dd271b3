import { expect, test } from "vitest";
import type { SqlText } from "../runtime/ports.js";
import { messageWriter } from "./protocol-messages.js";

/** What a server would read. */
function messagesIn(buffer: Buffer) {
  const messages: { readonly type: string; readonly body: Buffer }[] = [];
  for (let at = 0; at < buffer.length; ) {
    const length = buffer.readInt32BE(at + 1);
    messages.push({ type: String.fromCharCode(buffer[at] ?? 0), body: buffer.subarray(at + 5, at + 1 + length) });
    at += 1 + length;
  }
  return messages;
}

/** The statement's name and the parameters of a bind message. */
function bound(body: Buffer) {
  const end = body.indexOf(0, 1);
  const count = body.readUInt16BE(end + 3);
  const parameters: SqlText[] = [];
  let at = end + 5;
  for (let index = 0; index < count; index++) {
    const length = body.readInt32BE(at);
    parameters.push(length < 0 ? null : body.toString("utf8", at + 4, at + 4 + length));
    at += 4 + Math.max(length, 0);
  }
  return {
    name: body.toString("utf8", 1, end),
    parameters,
    formats: [body.readInt16BE(end + 1), body.readInt16BE(at)],
    left: body.length - at - 2,
  };
}

test("a burst is the statements in their order, and one sync", () => {
  const writer = messageWriter();
  writer.parse("s1", "select $1");
  writer.execute("s1", ["a", null, ""]);
  writer.execute("s2", []);
  const messages = messagesIn(writer.finish());
  expect(messages.map(({ type }) => type)).toEqual(["P", "B", "E", "B", "E", "S"]);
  expect(messages[0]?.body).toEqual(Buffer.from("s1\0select $1\0\0\0"));
  expect(messages.filter(({ type }) => type === "B").map(({ body }) => bound(body))).toEqual([
    { name: "s1", parameters: ["a", null, ""], formats: [0, 0], left: 0 },
    { name: "s2", parameters: [], formats: [0, 0], left: 0 },
  ]);
  expect(messages[2]?.body).toEqual(Buffer.alloc(5));
});

test.each<[string, readonly SqlText[]]>([
  ["texts of many bytes a character", ["żółw 🐢 漢字", "é".repeat(100_000)]],
  ["more than the buffer holds at first", Array.from({ length: 3 }, (_, n) => String(n).repeat(1_000_000))],
  ["as many as the protocol counts", Array.from({ length: 65_535 }, (_, n) => (n % 2 === 0 ? String(n) : null))],
])("parameters: %s", (_, parameters) => {
  const writer = messageWriter();
  writer.execute("s", parameters);
  const [bind] = messagesIn(writer.finish());
  expect(bound(bind?.body ?? Buffer.alloc(0))).toEqual({ name: "s", parameters, formats: [0, 0], left: 0 });
});

test("what was finished stays as it is when the next burst is written", () => {
  const writer = messageWriter();
  writer.execute("first", ["one"]);
  const first = writer.finish();
  const copy = Buffer.from(first);
  writer.execute("second", ["two"]);
  expect(messagesIn(writer.finish())).toHaveLength(3);
  expect(first).toEqual(copy);
});
