/**
 * An exact decimal number: `numeric` columns and `decimal` fields hold it as text. Digits behind the point are kept
 * as Postgres keeps them: `1.10 + 2` is `3.10`, `1.10 × 2.5` is `2.750`.
 */
export interface Decimal {
  plus(other: DecimalValue): Decimal;
  minus(other: DecimalValue): Decimal;
  times(other: DecimalValue): Decimal;
  negated(): Decimal;
  abs(): Decimal;
  /** To so many digits behind the point; halves away from zero, as Postgres' `round` does. */
  round(places: number): Decimal;
  /** Equal in value: `1.0` equals `1.00`. */
  equals(other: DecimalValue): boolean;
  lessThan(other: DecimalValue): boolean;
  lessThanOrEqualTo(other: DecimalValue): boolean;
  greaterThan(other: DecimalValue): boolean;
  greaterThanOrEqualTo(other: DecimalValue): boolean;
  /** Without exponent: what columns and fields take. */
  toString(): string;
  toJSON(): string;
}

/** Text like `-12.50`, an integer, or a decimal. A number with a fraction is refused: it is not exact. */
export type DecimalValue = Decimal | string | number | bigint;

/** `units / 10 ** scale` */
interface Exact extends Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/**
 * @example decimal("19.90").times(3).toString() // "59.70"
 * @throws RangeError for text that is not a decimal, and numbers that are not safe integers
 */
export function decimal(value: DecimalValue): Decimal {
  return exact(value);
}

/** The sum of nothing is 0. */
export function sumOfDecimals(values: readonly DecimalValue[]): Decimal {
  return values.reduce<Decimal>((total, value) => total.plus(value), decimalOf(0n, 0));
}

function exact(value: DecimalValue): Exact {
  switch (typeof value) {
    case "object":
      return "units" in value ? (value as Exact) : parsed(value.toString());
    case "bigint":
      return decimalOf(value, 0);
    case "number":
      if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not an exact integer: give a decimal as text.`);
      return decimalOf(BigInt(value), 0);
    case "string":
      return parsed(value);
  }
}

function parsed(text: string): Exact {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`"${text.slice(0, 100)}" is not a decimal.`);
  const [, sign, whole = "", fraction = ""] = match;
  const units = BigInt(whole + fraction);
  return decimalOf(sign === "-" ? -units : units, fraction.length);
}

function decimalOf(units: bigint, scale: number): Exact {
  const compare = (other: DecimalValue): number => {
    const that = exact(other);
    const common = Math.max(scale, that.scale);
    const difference = scaled(units, scale, common) - scaled(that.units, that.scale, common);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  };
  const added = (other: DecimalValue, sign: 1n | -1n): Decimal => {
    const that = exact(other);
    const common = Math.max(scale, that.scale);
    return decimalOf(scaled(units, scale, common) + sign * scaled(that.units, that.scale, common), common);
  };
  return {
    units,
    scale,
    plus: (other) => added(other, 1n),
    minus: (other) => added(other, -1n),
    times(other) {
      const that = exact(other);
      return decimalOf(units * that.units, scale + that.scale);
    },
    negated: () => decimalOf(-units, scale),
    abs: () => decimalOf(units < 0n ? -units : units, scale),
    round: (places) => rounded(units, scale, places),
    equals: (other) => compare(other) === 0,
    lessThan: (other) => compare(other) < 0,
    lessThanOrEqualTo: (other) => compare(other) <= 0,
    greaterThan: (other) => compare(other) > 0,
    greaterThanOrEqualTo: (other) => compare(other) >= 0,
    toString: () => textOf(units, scale),
    toJSON: () => textOf(units, scale),
  };
}

function scaled(units: bigint, from: number, to: number): bigint {
  return units * 10n ** BigInt(to - from);
}

function rounded(units: bigint, scale: number, places: number): Decimal {
  if (!Number.isInteger(places) || places < 0 || places > 1_000) throw new RangeError(`${places} is not a number of digits.`);
  if (places >= scale) return decimalOf(scaled(units, scale, places), places);
  const step = 10n ** BigInt(scale - places);
  const size = units < 0n ? -units : units;
  const kept = (size + step / 2n) / step;
  return decimalOf(units < 0n ? -kept : kept, places);
}

function textOf(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const sign = units < 0n ? "-" : "";
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
