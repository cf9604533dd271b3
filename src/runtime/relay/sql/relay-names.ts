import { qualifiedName } from "../../sql/identifier.js";

/** The tables that a relay works with, quoted. */
export interface RelayNames {
  readonly outbox: string;
  readonly dead: string;
  readonly slots: string;
  readonly schedules: string;
}

export function relayNames(schema: string | undefined): RelayNames {
  return {
    outbox: qualifiedName(schema, "usecase_outbox"),
    dead: qualifiedName(schema, "usecase_outbox_dead"),
    slots: qualifiedName(schema, "usecase_relay_slot"),
    schedules: qualifiedName(schema, "usecase_schedule"),
  };
}
