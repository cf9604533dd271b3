// Claims are what an identity provider said of the actor: looked at when they are read, because nothing else does.

interface WithClaims {
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
}

/** The claim as it is; undefined if the actor has none of this name. */
export function claim(actor: WithClaims, name: string): unknown {
  const { claims } = actor;
  return claims !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/**
 * A claim that the configuration declares as text, or as one of some values.
 * @throws TypeError if the actor's claim is anything else
 */
export function stringClaim(actor: WithClaims, name: string): string;
export function stringClaim<const Value extends string>(actor: WithClaims, name: string, values: readonly Value[]): Value;
export function stringClaim(actor: WithClaims, name: string, values?: readonly string[]): string {
  const value = claim(actor, name);
  if (typeof value !== "string" || (values !== undefined && !values.includes(value)))
    throw unexpected(name, values?.join(", ") ?? "a string");
  return value;
}

/** @throws TypeError if the actor's claim is not a number */
export function numberClaim(actor: WithClaims, name: string): number {
  const value = claim(actor, name);
  if (typeof value !== "number") throw unexpected(name, "a number");
  return value;
}

/** @throws TypeError if the actor's claim is not a boolean */
export function booleanClaim(actor: WithClaims, name: string): boolean {
  const value = claim(actor, name);
  if (typeof value !== "boolean") throw unexpected(name, "a boolean");
  return value;
}

/** Without the value: a claim may be what nobody should read in a log. */
function unexpected(name: string, wanted: string): TypeError {
  return new TypeError(`The actor's claim "${name}" is not ${wanted}.`);
}
