import type { Fields } from "./internals.js";

/** What stands in the place of a secret, in audit and logs. */
export const redacted = "[redacted]";

/** A copy with the fields at these paths (`note`, `card.number`; through arrays to each element) mapped, where they have a value. */
export function mapFields(object: Fields, paths: readonly string[], map: (value: unknown) => unknown): Fields {
  return paths.reduce<Fields>((mapped, path) => mapPath(mapped, path.split("."), map) as Fields, object);
}

function mapPath(value: unknown, path: readonly string[], map: (value: unknown) => unknown): unknown {
  const [name, ...rest] = path;
  if (value === undefined || value === null) return value;
  if (name === undefined) return map(value);
  if (Array.isArray(value)) return value.map((element) => mapPath(element, path, map));
  if (typeof value !== "object" || !Object.hasOwn(value, name)) return value;
  return { ...value, [name]: mapPath((value as Fields)[name], rest, map) };
}

/**
 * The value without the command's secrets: every text in it that equals one is replaced. For what is stored of what a
 * handler decided, since a handler may put a secret anywhere.
 */
export function withoutSecrets<Value>(value: Value, command: Fields, paths: readonly string[]): Value {
  const secrets = new Set<string>();
  mapFields(command, paths, (secret) => {
    collectTexts(secret, secrets);
    return secret;
  });
  return secrets.size === 0 ? value : (hide(value, secrets) as Value);
}

function collectTexts(value: unknown, texts: Set<string>): void {
  if (typeof value === "string" && value !== "") texts.add(value);
  else if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) collectTexts(inner, texts);
}

function hide(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (typeof value === "string") return secrets.has(value) ? redacted : value;
  if (Array.isArray(value)) return value.map((element) => hide(element, secrets));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, hide(inner, secrets)]));
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
