import type { BurstItem } from "../ports.js";
import type { Call } from "../validate.js";
import { namedStatement } from "./statement.js";

/**
 * Sets what the configuration's `session` says, until the transaction ends: what policies of row-level security read.
 * Names and values are parameters. No item where nothing is set.
 */
export function sessionSettings({ useCase: { definition }, context }: Pick<Call, "useCase" | "context">): readonly BurstItem[] {
  const settings = Object.entries(definition.session ?? {});
  if (settings.length === 0) return [];
  const { actor } = context;
  const parameters = settings.flatMap(([name, value]) => [name, String(value({ actor: { ...actor, tenantId: actor.tenantId ?? "" } }))]);
  return [[sessionStatement(settings.length), parameters]];
}

/** For so many settings. */
export function sessionStatement(count: number): ReturnType<typeof namedStatement> {
  const calls = Array.from({ length: count }, (_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`);
  return namedStatement(`select ${calls.join(", ")}`);
}
