import type { Message } from "../model.js";
import { buildFields } from "./build-type.js";
import { child, type Entry, number, optionalExpression, text } from "./cursor.js";
import { durationSeconds } from "./duration.js";

export function buildMessage(kind: Message["kind"], at: Entry): Message {
  return {
    path: at.path,
    file: at.file,
    kind,
    name: at.key,
    version: number(at, "version") ?? 1,
    cardinality: (text(at, "cardinality") ?? "one") as Message["cardinality"],
    when: optionalExpression(child(at, "when")),
    key: optionalExpression(child(at, "key")),
    payload: buildFields(child(at, "payload")),
    delaySeconds: durationSeconds(text(at, "delay")),
    at: optionalExpression(child(at, "at")),
    maxAttempts: number(at, "maxAttempts"),
    dedupeKey: optionalExpression(child(at, "dedupeKey")),
  };
}
