import { qualifiedName } from "./identifier.js";

/** The runtime's own tables and functions, quoted, in the Postgres schema that the core was given. */
export interface OwnNames {
  readonly idempotency: string;
  readonly audit: string;
  readonly auditSeal: string;
  readonly outbox: string;
  readonly outboxDead: string;
  readonly assert: string;
}

export function ownNames(schema: string | undefined): OwnNames {
  return {
    idempotency: qualifiedName(schema, "usecase_idempotency"),
    audit: qualifiedName(schema, "usecase_audit"),
    auditSeal: qualifiedName(schema, "usecase_audit_seal"),
    outbox: qualifiedName(schema, "usecase_outbox"),
    outboxDead: qualifiedName(schema, "usecase_outbox_dead"),
    assert: qualifiedName(schema, "usecase_assert"),
  };
}
