import type { SqlText } from "../ports.js";

/** Postgres' protocol counts parameters in 16 bits. */
const limit = 65_535;

/** The parameters of a statement that is being written. */
export interface Parameters {
  /** A parameter of its own: `$3`. */
  add(text: SqlText): string;
  /** One parameter for all mentions of a value that has this name. */
  shared(name: string, text: SqlText): string;
  readonly texts: readonly SqlText[];
}

export function parameters(): Parameters {
  const texts: SqlText[] = [];
  const named = new Map<string, string>();
  const add = (text: SqlText) => {
    if (texts.length === limit) throw new RangeError(`A statement has more than ${limit} parameters; write less in one call.`);
    return `$${texts.push(text)}`;
  };
  return {
    add,
    shared(name, text) {
      const known = named.get(name);
      if (known !== undefined) return known;
      const parameter = add(text);
      named.set(name, parameter);
      return parameter;
    },
    texts,
  };
}
