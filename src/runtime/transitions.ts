import { type Definition, type ErasedScope, type Fields, rowsOf } from "./internals.js";
import { refusal } from "./refusal.js";

/** A row that takes an event: the runtime writes the state that follows. */
export interface StateChange {
  readonly row: Fields;
  readonly field: string;
  readonly from: unknown;
  readonly to: string;
}

/**
 * What the use case's transitions do to the loaded rows. Throws InvalidTransition where one row's state does not allow
 * the event: of many rows all take it or none.
 */
export function takeTransitions(definition: Definition, scope: ErasedScope): readonly StateChange[] {
  const current = new Map<Fields, string>();
  return (definition.transitions ?? []).flatMap((transition) => {
    if (transition.when?.(scope) === false) return [];
    const { machine, event, field, moves } = transition;
    return rowsOf(scope.state[transition.state]).map((row): StateChange => {
      const from = current.get(row) ?? row[field];
      const to = typeof from === "string" && Object.hasOwn(moves, from) ? moves[from] : undefined;
      if (to === undefined) throw refusal(definition, "InvalidTransition", { machine, event, from });
      current.set(row, to);
      return { row, field, from: row[field], to };
    });
  });
}
