import type { BurstItem } from "../runtime/ports.js";

/** What the protocol can carry, less what postgres.js keeps for itself. */
const maximalParameters = 65_533;

/**
 * Refuses what a client library would find out about halfway: then the statements around it would already be on their
 * way, a COMMIT among them. `texts` remembers which text each name stands for.
 */
export function checkBurst(items: readonly BurstItem[], texts: Map<string, string>): void {
  for (const [{ name, text }, parameters = []] of items) {
    if (name === undefined && parameters.length > 0) throw new TypeError(`A statement without name takes no parameters: ${text}`);
    if (parameters.length > maximalParameters)
      throw new RangeError(`${parameters.length} parameters; at most ${maximalParameters}: ${text}`);
    for (const [index, parameter] of parameters.entries())
      if (parameter !== null && typeof parameter !== "string")
        throw new TypeError(`Parameter $${index + 1} is neither text nor null: ${text}`);
    if (name === undefined) continue;
    const known = texts.get(name);
    if (known === undefined) texts.set(name, text);
    else if (known !== text) throw new TypeError(`The name ${name} stands for two statements: ${known} and ${text}`);
  }
}
