/** Freezes plain objects and arrays all the way down; others (dates, buffers) are left as they are. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
  if (!isPlain) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
