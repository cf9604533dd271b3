import type { Rule } from "../rule.js";

export const commandClaimedActor: Rule = {
  id: "command/claimed-actor",
  severity: "warning",
  local: true,
  subject: "use case",
  summary: "a field in which callers say who they are",
  why: "A command holds what the caller wants; who the caller is comes from `actor`, which the application has verified. A field for it lets anybody act in another's name.",
  bad: {
    spec: `
command:
  orderId: uuid
  shippedBy: uuid  # found here
`,
  },
  good: {
    spec: `
command:
  orderId: uuid
  carrierId: uuid
`,
  },
  check({ useCase }, report) {
    for (const field of useCase.command)
      if (claims.test(field.name))
        report({
          at: field,
          on: "key",
          message: `Callers would say themselves who did it: ${field.name}.`,
          help: "Leave it out, and take `actor.id`.",
        });
  },
};

/** `createdBy`, `approvedById`, `actorId`; not `sortedBy` or `groupedBy`, which say how. */
const claims =
  /^(actor|currentUser|caller)Id$|^(?!(sort|order|group|limit|filter|index|key)(t?ed)By)[a-z]+(ed|ten|sent|paid|sold)By(Id|UserId)?$/;
