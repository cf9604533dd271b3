import type { Page } from "../page.js";
import type { Runtime } from "../runtime.js";
import type { AuditEntry } from "./entry.js";
import { type AuditQuery, listEntries } from "./list-entries.js";

/** `core.audit`. It asks no permission: who may read the audit is for the application to say. */
export interface AuditLog {
  /**
   * Entries, the newest first, in pages. An entry is dated a moment before it commits, so one may still appear in a page
   * that lies a few seconds back.
   * @example const { items, next } = await core.audit.list({ subject: { type: "Order", id }, tenantId });
   */
  list(query?: AuditQuery): Promise<Page<AuditEntry>>;
}

export function auditLog(runtime: Runtime): AuditLog {
  return { list: (query = {}) => listEntries(runtime, query) };
}
