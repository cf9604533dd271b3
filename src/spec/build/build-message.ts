import type { Message } from "../model.js";
import { buildFields } from "./build-type.js";
import { type Cursor, child, number, optionalExpression, text } from "./cursor.js";
import { durationSeconds } from "./duration.js";

export function buildMessage(kind: Message["kind"], messageName: string, at: Cursor): Message {
  return {
    path: at.path,
    file: at.file,
    kind,
    name: messageName,
    version: number(child(at, "version")) ?? 1,
    cardinality: (text(child(at, "cardinality")) ?? "one") as Message["cardinality"],
    when: optionalExpression(child(at, "when")),
    key: optionalExpression(child(at, "key")),
    payload: buildFields(child(at, "payload")),
    delaySeconds: durationSeconds(text(child(at, "delay"))),
    at: optionalExpression(child(at, "at")),
    maxAttempts: number(child(at, "maxAttempts")),
    dedupeKey: optionalExpression(child(at, "dedupeKey")),
  };
}
