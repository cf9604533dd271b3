import { expect, test } from "vitest";
import { cloudEvent } from "./cloud-event.js";
import type { RelayMessage } from "./message.js";

const message: RelayMessage = {
  id: "0199d5c0-0000-7000-8000-000000000001",
  kind: "event",
  type: "InventoryMoved",
  version: 2,
  key: "shelf-1",
  tenantId: "t-1",
  payload: { quantity: 3 },
  headers: {
    correlationId: "c-1",
    causationId: "job-1",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    actor: { type: "user", id: "u-1" },
  },
  attempt: 4,
  createdAt: new Date("2026-01-02T03:04:05.678Z"),
};

test("all attributes", () => {
  expect(cloudEvent(message, { source: "/warehouse" })).toEqual({
    specversion: "1.0",
    id: message.id,
    source: "/warehouse",
    type: "InventoryMoved.v2",
    subject: "shelf-1",
    time: "2026-01-02T03:04:05.678Z",
    datacontenttype: "application/json",
    data: { quantity: 3 },
    partitionkey: "3:t-1:shelf-1",
    tenantid: "t-1",
    correlationid: "c-1",
    causationid: "job-1",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  });
});

test("the same at each attempt", () => {
  const at = (attempt: number) => JSON.stringify(cloudEvent({ ...message, attempt }, { source: "/w" }));
  expect(at(1)).toBe(at(2));
});

test("what is not known is left out, and never empty", () => {
  const bare: RelayMessage = { ...message, key: "", tenantId: null, headers: { correlationId: "", traceparent: 7 } };
  expect(Object.keys(cloudEvent(bare, { source: "/w" })).sort()).toEqual(
    ["data", "datacontenttype", "id", "partitionkey", "source", "specversion", "time", "type"].sort(),
  );
});

test("type and schema of one's own", () => {
  const options = {
    source: "/w",
    type: () => "com.example.moved",
    dataschema: ({ type }: RelayMessage) => `https://example.com/${type}.json`,
  };
  expect(cloudEvent(message, options)).toMatchObject({ type: "com.example.moved", dataschema: "https://example.com/InventoryMoved.json" });
});

test("names of attributes are as the specification wants them: lower case letters and digits, at most 20", () => {
  for (const name of Object.keys(cloudEvent(message, { source: "/w", dataschema: () => "s" }))) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
});

test("keys of two tenants are never one partition key", () => {
  const key = (tenantId: string | null, of: string) => cloudEvent({ ...message, tenantId, key: of }, { source: "/w" }).partitionkey;
  const all = [key("a", "b:c"), key("a:b", "c"), key(null, "a:b:c"), key(null, "1:a:b:c")];
  expect(new Set(all).size).toBe(all.length);
});

test("an empty source is refused", () => {
  expect(() => cloudEvent(message, { source: "" })).toThrow(TypeError);
});
