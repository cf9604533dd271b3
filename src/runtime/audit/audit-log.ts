import type { Page } from "../page.js";
import type { Runtime } from "../runtime.js";
import type { AuditEntry } from "./entry.js";
import { type AuditQuery, listEntries } from "./list-entries.js";
import { type Sealed, seal } from "./seal.js";
import { type AuditVerification, type VerifyOptions, verify } from "./verify.js";

/** `core.audit`. It asks no permission: who may read the audit is for the application to say. */
export interface AuditLog {
  /**
   * Entries, the newest first, in pages. An entry is dated a moment before it commits, so one may still appear in a page
   * that lies a few seconds back.
   * @example const { items, next } = await core.audit.list({ subject: { type: "Order", id }, tenantId });
   */
  list(query?: AuditQuery): Promise<Page<AuditEntry>>;

  /**
   * Seals all entries that are committed and not sealed yet, so that changing them can be found out. Call it from a
   * scheduler, as often as you like, from any number of processes; keep the head that it resolves to in another place.
   */
  seal(): Promise<Sealed>;

  /** Looks for entries and seals that were edited, deleted, inserted, reordered or cut off since they were sealed. Reads all of them. */
  verify(options?: VerifyOptions): Promise<AuditVerification>;
}

export function auditLog(runtime: Runtime): AuditLog {
  return {
    list: (query = {}) => listEntries(runtime, query),
    seal: () => seal(runtime),
    verify: (options = {}) => verify(runtime, options),
  };
}
