import { tableChanges } from "../locks/table-changes.js";
import { type UnprotectedDecision, unprotectedDecisions } from "../locks/unprotected-decisions.js";
import type { Rule } from "../rule.js";

const example = (customerId: string, customer: string) => `
command: { customerId: uuid }
state:
${customer}  favourites:
    table: favourites
    where: { customerId: ${customerId} }
    cardinality: many
policies:
  - rule: size(favourites) < 10`;

export const stateCheckThenWrite: Rule = {
  id: "state/check-then-write",
  severity: "warning",
  subject: "project",
  summary: "a policy that decides on rows which another call may change before this one writes",
  why: "Two calls at once both read the rows, both find that they may go on, and both write: a room is booked twice, a customer has one order too many. A lock on the rows that were found does not help, since it is the rows that are not there yet that matter.",
  bad: {
    spec: `${example("command.customerId", "")}  # found here
writes:
  favourites: [insert]
`,
  },
  good: {
    spec: `${example("customer.id", "  customer: { table: customers, where: { id: command.customerId }, lock: no key update }\n")}
writes:
  favourites: [insert]
`,
  },
  *check({ useCases }) {
    const changes = tableChanges(useCases);
    for (const context of useCases) for (const decision of unprotectedDecisions(context, changes)) yield report(decision);
  },
};

function report(decision: UnprotectedDecision) {
  const { context, policy, load, writers } = decision;
  const at = policy.kind === "rule" ? policy.rule : policy.check;
  const what = policy.kind === "rule" ? "decides on" : `has ${policy.check.name} decide on`;
  return {
    at: { ...at, file: at.file ?? policy.file ?? context.file },
    message: `${context.useCase.name} ${what} rows of ${load.table.name} (${load.name}), which nothing keeps others from changing before it writes.`,
    help: helpFor(decision),
    related: [
      { message: `${load.name} is loaded here`, at: { path: load.path, file: load.file ?? context.file } },
      ...writers.slice(0, 5).map((writer) => ({ message: `${writer.context.useCase.name} ${writer.does}`, at: writer.at })),
    ],
  };
}

function helpFor({ context, load, writers, parents, policy }: UnprotectedDecision): string {
  const [parent] = parents;
  const others = [...new Set(writers.map((writer) => writer.context.useCase.name))].slice(0, 3).join(", ");
  if (parent !== undefined)
    return `${context.useCase.name} locks ${parent.name} first: let ${others} lock that row of ${parent.table.name} too.`;
  if (load.cardinality === "one" && load.lock === "none") return `Load ${load.name} with \`lock: share\`.`;
  const constraint = policy.error === undefined ? "an error" : policy.error.name;
  return `First lock one row that stands for all of these (\`no key update\`) and find them through it, in every use case that writes them; or take an \`advisoryLock\`; or map a constraint of the database to ${constraint}; or say \`transaction: { isolation: serializable }\`.`;
}
