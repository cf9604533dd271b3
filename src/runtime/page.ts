/** A part of a longer list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Give it as `after` to get what follows; undefined at the end. */
  readonly next: string | undefined;
}

const mostPerPage = 1_000;

/** How many a page has at most; throws a RangeError for what is not a number from 1 to 1,000. */
export function pageLimit(limit = 50): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostPerPage) return limit;
  throw new RangeError(`A page has 1 to ${mostPerPage} entries, not ${limit}.`);
}
