import { arrayText } from "../codec/array-text.js";
import { type Page, pageLimit } from "../page.js";
import type { BurstItem } from "../ports.js";
import type { Runtime } from "../runtime.js";
import type { DeadLetter } from "./dead-letter.js";
import { type DeadLetterFilter, deadLetterStatements, listDeadLetters, readDeadLetter } from "./sql/dead-letter-statements.js";

export interface DeadLetterQuery extends DeadLetterFilter {
  /** 1 to 1,000; default 50. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** `core.deadLetters`. Like the audit, it asks no permission. */
export interface DeadLetters {
  /** In the order in which they were sent, in pages. */
  list(query?: DeadLetterQuery): Promise<Page<DeadLetter>>;
  /**
   * Has messages delivered again, with all their attempts before them, each before every later message of its key that is
   * still waiting. Resolves to the ids that were found; left out are also those whose dedupe key a newer message in the
   * outbox has.
   */
  retry(ids: readonly string[]): Promise<readonly string[]>;
  /** Deletes messages for good; their keys go on. Resolves to the ids that were found. */
  discard(ids: readonly string[]): Promise<readonly string[]>;
}

export function deadLetters({ driver, names }: Pick<Runtime, "driver" | "names">): DeadLetters {
  const statements = deadLetterStatements(names);
  const idsOf = async (item: BurstItem) => {
    const [answer] = await driver.session((session) => session.burst([item]));
    return (answer?.rows ?? []).map(([id]) => id ?? "");
  };
  return {
    async list({ limit, after, ...filter } = {}) {
      const size = pageLimit(limit);
      const item = listDeadLetters(names, filter, after === undefined ? undefined : readCursor(after), size + 1);
      const [answer] = await driver.session((session) => session.burst([item]));
      const rows = answer?.rows ?? [];
      return {
        items: rows.slice(0, size).map(readDeadLetter),
        next: rows.length > size ? (rows[size - 1]?.[0] ?? undefined) : undefined,
      };
    },
    retry: (ids) => idsOf([statements.retry, [arrayText(ids)]]),
    discard: (ids) => idsOf([statements.discard, [arrayText(ids)]]),
  };
}

function readCursor(text: string): string {
  if (!/^\d{1,19}$/.test(text)) throw new TypeError("`after` is not the `next` of another page.");
  return text;
}
