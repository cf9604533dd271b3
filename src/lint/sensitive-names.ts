import { words } from "../spec/names.js";

/** What is said of a secret rather than being one: `passwordChangedAt`, `tokenId`. */
const about: ReadonlySet<string> = new Set(
  "at id ids count type kind name expires expiry length enabled required set changed policy status hint format".split(" "),
);

const single: ReadonlySet<string> = new Set(
  "password passwd passphrase passcode secret token pin cvc cvv ssn otp credential credentials iban".split(" "),
);

const pairs: readonly (readonly [string, string])[] = [
  ["api", "key"],
  ["access", "key"],
  ["private", "key"],
  ["secret", "key"],
  ["access", "code"],
  ["card", "number"],
  ["account", "number"],
  ["tax", "number"],
  ["security", "code"],
  ["recovery", "code"],
  ["social", "security"],
];

/** Part of every such name: one look at it is enough for nearly all others. */
const telltale = new RegExp([...single, ...pairs.map(([, second]) => second)].join("|"), "i");

/** Whether a field or column is called like something that must not be shown. */
export function isSensitiveName(name: string): boolean {
  if (!telltale.test(name)) return false;
  const parts = words(name).map((word) => word.toLowerCase());
  if (about.has(parts.at(-1) ?? "")) return false;
  return parts.some((word, index) => single.has(word) || pairs.some(([first, second]) => word === first && parts[index + 1] === second));
}
