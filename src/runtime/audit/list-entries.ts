import { type Page, pageLimit } from "../page.js";
import type { Runtime } from "../runtime.js";
import { type AuditFilter, type AuditPosition, listAudit, positionOf, readAuditEntry } from "../sql/list-audit.js";
import type { AuditEntry } from "./entry.js";

export interface AuditQuery extends AuditFilter {
  /** 1 to 1,000; default 50. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** A page of the audit, the newest entries first. One entry more than asked for says whether there is a next page. */
export async function listEntries({ driver, names }: Runtime, { limit, after, ...filter }: AuditQuery): Promise<Page<AuditEntry>> {
  const size = pageLimit(limit);
  const item = listAudit(names, filter, after === undefined ? undefined : readCursor(after), size + 1);
  const [answer] = await driver.session((session) => session.burst([item]));
  const rows = answer?.rows ?? [];
  const last = rows[size - 1];
  return {
    items: rows.slice(0, size).map(readAuditEntry),
    next: rows.length > size && last !== undefined ? writeCursor(positionOf(last)) : undefined,
  };
}

function writeCursor({ at, id }: AuditPosition): string {
  return `${at}_${id}`;
}

const cursor = /^(\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)_([0-9a-f-]{36})$/;

function readCursor(text: string): AuditPosition {
  const [, at, id] = cursor.exec(text) ?? [];
  if (at === undefined || id === undefined) throw new TypeError("`after` is not the `next` of another page.");
  return { at, id };
}
