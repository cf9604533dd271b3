import type { Authorizer } from "usecasecore";

/** What each role may do, and the system where triggers start a use case; a real application asks its own access control. */
const permissions: Readonly<Record<string, readonly string[]>> = {
  clerk: ["inventory.move", "inventory.reserve", "orders.ship", "orders.read"],
  customer: ["orders.create", "orders.pay", "orders.change", "orders.read"],
  system: ["orders.expire"],
};

export const authorizer: Authorizer = {
  authorize: ({ actor, permission }) =>
    (actor.type === "system" ? ["system"] : (actor.roles ?? [])).some((role) => permissions[role]?.includes(permission)),
};
