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
