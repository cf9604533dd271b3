import { expect, test } from "vitest";
import { sameHeld } from "./convert.js";
import { json, listOf, objectOf, string, type ValueType } from "./value-type.js";

const at: ValueType = { kind: "timestamp", as: "Date" };

test.each<[what: string, from: ValueType, to: ValueType, same: boolean]>([
  ["JSON", json, json, true],
  ["JSON inside of an object", objectOf([["any", json]]), objectOf([["any", json]]), true],
  ["an object as JSON", objectOf([["any", listOf(json)]]), json, true],
  ["an instant inside of JSON", objectOf([["at", at]]), json, false],
  ["a text", string, string, true],
])("%s is held alike", (_, from, to, same) => expect(sameHeld(from, to)).toBe(same));
