/**
 * A value that the spec has checked to be there, where the compiler cannot see it.
 * @throws TypeError if it is not
 */
export function present<Value>(value: Value): NonNullable<Value> {
  if (value === null || value === undefined) throw new TypeError("A value that was checked to be there is missing.");
  return value;
}

/** What `convert` makes of a value that is there; null and undefined stay what they are. */
export function whenPresent<Value, Result>(
  value: Value,
  convert: (value: NonNullable<Value>) => Result,
): Result | Extract<Value, null | undefined> {
  return value === null || value === undefined ? (value as Extract<Value, null | undefined>) : convert(value);
}

/**
 * The row of a key that is known to be in the map.
 * @throws RangeError if it is not
 */
export function entryOf<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined && !map.has(key)) throw new RangeError(`There is no entry for ${String(key)}.`);
  return value as Value;
}

/**
 * An element of a list, counted from 0.
 * @throws RangeError if the list is not that long
 */
export function elementOf<Value>(list: readonly Value[], index: number): Value {
  if (!Number.isInteger(index) || index < 0 || index >= list.length)
    throw new RangeError(`There is no element ${index} in a list of ${list.length}.`);
  return list[index] as Value;
}

/** The integer quotient, cut towards zero. @throws RangeError for a division by zero */
export function quotient(dividend: number, divisor: number): number {
  if (divisor === 0) throw new RangeError("Division by zero.");
  return Math.trunc(dividend / divisor);
}

/** The rest of `quotient`, with the dividend's sign. @throws RangeError for a division by zero */
export function remainder(dividend: number, divisor: number): number {
  if (divisor === 0) throw new RangeError("Division by zero.");
  return dividend % divisor;
}

/** The sum of nothing is 0. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The sum of nothing is 0. */
export function sumOfBigints(values: readonly (bigint | string)[]): bigint {
  return values.reduce<bigint>((total, value) => total + BigInt(value), 0n);
}

/** Does no value stand there twice? Dates are told apart by their time, decimals by their value. */
export function isUnique(values: readonly unknown[]): boolean {
  return new Set(values.map(identity)).size === values.length;
}

function identity(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== "object" || value === null || !("units" in value)) return value;
  return String(value).replace(/\.0+$|(\.\d*[1-9])0+$/, "$1");
}
