import type { SqlText } from "../ports.js";

/** Postgres' protocol counts parameters in 16 bits. */
const limit = 65_535;

/** The parameters of a statement that is being written. */
export interface Parameters {
  /** The next parameter: `$3`. */
  add(text: SqlText): string;
  readonly texts: readonly SqlText[];
}

export function parameters(): Parameters {
  const texts: SqlText[] = [];
  return {
    add(text) {
      requireFew(texts.length + 1);
      return `$${texts.push(text)}`;
    },
    texts,
  };
}

/** Throws a RangeError for more parameters than a statement can have. */
export function requireFew(count: number): void {
  if (count > limit) throw new RangeError(`A statement has more than ${limit} parameters; write less in one call.`);
}
