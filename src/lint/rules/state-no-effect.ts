import type { TableLoad } from "../../spec/model.js";
import { allConditions } from "../conditions.js";
import type { Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import { within } from "../within.js";

export const stateNoEffect: Rule = {
  id: "state/no-effect",
  severity: "warning",
  local: true,
  subject: "use case",
  summary: "a key of a load that changes nothing beside the others",
  why: "Whoever wrote it counts on it: that the call is refused when the row is missing, that it does not wait, that there are at most so many rows. Nothing of that happens.",
  bad: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  customer:
    table: customers
    where: { id: order.customerId }
    cardinality: optional
    missing: CustomerNotFound  # found here
policies:
  - permission: orders.ship
    resource: customer
errors: { CustomerNotFound: { kind: not-found } }
`,
  },
  good: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  customer:
    table: customers
    where: { id: order.customerId }
    missing: CustomerNotFound
policies:
  - permission: orders.ship
    resource: customer
errors: { CustomerNotFound: { kind: not-found } }
`,
  },
  check({ useCase }, report) {
    for (const load of tableLoads(useCase))
      for (const { key, message, help } of pointless(load))
        report({ at: within(load, key), on: "key", message, ...(help !== undefined && { help }) });
  },
};

interface Pointless {
  readonly key: string;
  readonly message: string;
  readonly help?: string;
}

function* pointless({ name, cardinality, missing, where, wait, lock, aggregate }: TableLoad): Iterable<Pointless> {
  if (aggregate !== undefined) return;
  if (wait !== "block" && lock === "none")
    yield {
      key: "wait",
      message: `${name} is not locked, so that there is nothing to wait for.`,
      help: "Say under `lock` which lock is meant.",
    };
  if (missing === undefined || cardinality === "one") return;
  if (cardinality === "optional")
    yield {
      key: "missing",
      message: `${name} may be missing, so that ${missing.name} is never raised.`,
      help: "Leave out `cardinality: optional`, or `missing`.",
    };
  else if (!allConditions(where).some(({ operator }) => operator === "in"))
    yield {
      key: "missing",
      message: `${name} may be no rows at all, so that ${missing.name} is never raised: only an \`in\` list says which must be there.`,
    };
}
