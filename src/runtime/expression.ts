// What generated expressions call: `usecasecore/expression`. Handlers may use it too; it has no dependency.

export { booleanClaim, claim, numberClaim, stringClaim } from "./expression/claims.js";
export { bool, double, int, jsonMember, string } from "./expression/conversions.js";
export { type Decimal, type DecimalValue, decimal, sumOfDecimals } from "./expression/decimal.js";
export { lowerAscii, size, substring, upperAscii } from "./expression/text.js";
export { duration, inZone, startOfDay, timestamp, type ZonedParts } from "./expression/time.js";
export { elementOf, entryOf, isUnique, present, quotient, remainder, sum, sumOfBigints, whenPresent } from "./expression/values.js";
