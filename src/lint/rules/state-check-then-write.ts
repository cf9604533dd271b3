import { type DecisionFacts, decisionFacts } from "../locks/decisions.js";
import type { RowWriter } from "../locks/table-changes.js";
import { type UnprotectedDecision, unprotectedDecisions } from "../locks/unprotected-decisions.js";
import type { Report, Rule } from "../rule.js";

const example = (customerId: string, customer: string) => `
command: { customerId: uuid }
state:
${customer}  favourites:
    table: favourites
    where: { customerId: ${customerId} }
    cardinality: many
policies:
  - rule: size(favourites) < 10`;

export const stateCheckThenWrite: Rule<DecisionFacts> = {
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
  gather: decisionFacts,
  check(_, report, facts) {
    for (const decision of unprotectedDecisions(facts)) report(reportOf(decision));
  },
};

function reportOf(decision: UnprotectedDecision): Report {
  const { useCase, does, table, load, loadAt, policyAt, writers } = decision;
  return {
    at: policyAt,
    message: `${useCase} ${does} rows of ${table} (${load}), which nothing keeps others from changing before it writes.`,
    help: helpFor(decision),
    related: [{ message: `${load} is loaded here`, at: loadAt }, ...writers.slice(0, 5).map(changeOf)],
  };
}

function changeOf({ change: { does, table, at }, useCase, file }: RowWriter) {
  return { message: `${useCase} ${does} ${table}`, at: { path: at.path, file: at.file ?? file } };
}

function helpFor({ useCase, load, cardinality, lock, writers, parents, error }: UnprotectedDecision): string {
  const [parent] = parents;
  const others = [...new Set(writers.map((writer) => writer.useCase))].slice(0, 3).join(", ");
  if (parent !== undefined) return `${useCase} locks ${parent.name} first: let ${others} lock that row of ${parent.table} too.`;
  if (cardinality === "one" && lock === "none") return `Load ${load} with \`lock: share\`.`;
  return `First lock one row that stands for all of these (\`no key update\`) and find them through it, in every use case that writes them; or take an \`advisoryLock\`; or map a constraint of the database to ${error ?? "an error"}; or say \`transaction: { isolation: serializable }\`.`;
}
