import type { Message } from "../../spec/model.js";
import { oncePer } from "../../spec/once-per.js";
import { keySource, serialisingLoads } from "../../spec/serialising-loads.js";
import type { UseCaseContext } from "../context.js";

/**
 * The events whose order no locked row of the use case keeps, so that the runtime takes an advisory lock on the key. Not
 * those whose key the handler gives where the use case inserts rows: a new row's id is nobody else's yet.
 */
export const unserialisedEvents = oncePer(({ useCase, findTable }: UseCaseContext) => {
  const inserts = useCase.writes.some(({ insert, upsert }) => insert || upsert !== undefined);
  return useCase.events.filter((event): event is Message & { readonly key: NonNullable<Message["key"]> } => {
    if (event.key === undefined) return false;
    const given = /^(?:result|payload)\b/.test(keySource(event) ?? "");
    return !(inserts && given) && serialisingLoads(event, useCase, findTable).length === 0;
  });
});
