import { createHmac } from "node:crypto";
import { sha256 } from "../hash.js";
import type { Definition, Fields } from "../internals.js";
import { mapFields } from "../secret-fields.js";
import { canonicalJson } from "./canonical-json.js";

/**
 * What tells two commands under one key apart: SHA-256 of the canonical JSON (RFC 8785) of the validated command.
 *
 * Secret fields take part only as a keyed hash (HMAC), never as themselves. The key always contains the identity of the
 * idempotency key, so that equal secrets look different in every row. With the core's `secretKey` it cannot be computed
 * from the database alone. Without one it can: somebody who reads the table may then test guesses, which matters for
 * secrets that can be guessed (a PIN, a card number), not for random tokens. It is no random key per process, because
 * a replay after a restart would then look like another command.
 */
export function fingerprint(definition: Definition, command: Fields, identity: unknown, secretKey: string | undefined): string {
  const { secretFields = [], idempotency } = definition;
  const keyed = (value: unknown) => {
    const key = JSON.stringify([secretKey ?? "", JSON.stringify(identity)]);
    return createHmac("sha256", key).update(canonicalJson(value)).digest("hex");
  };
  const safe = mapFields(command, secretFields, keyed);
  const chosen = idempotency?.fingerprint === undefined ? safe : idempotency.fingerprint({ command: safe });
  return sha256(canonicalJson(chosen ?? null));
}
