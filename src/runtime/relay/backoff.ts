const first = 500;
const longest = 5 * 60_000;

/** Milliseconds after so many failed attempts: doubling, with up to half of it more by chance, so that what failed together is not tried together. */
export function defaultBackoff(attempt: number): number {
  return Math.min(first * 2 ** (attempt - 1), longest) * (1 + Math.random() / 2);
}
