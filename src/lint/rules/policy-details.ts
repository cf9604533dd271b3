import type { ErrorDeclaration, Policy } from "../../spec/model.js";
import { nearest } from "../../spec/suggest.js";
import type { OnReport, Rule } from "../rule.js";
import { within } from "../within.js";

export const policyDetails: Rule = {
  id: "policy/details",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "details under `with` that do not match the error's",
  why: "Callers read an error's details by their declared names and types: all of them must be given, and no others.",
  bad: {
    spec: `
policies:
  - rule: decimal(order.total) > decimal('0')
    error: NothingToShip
    with: { totl: order.total }  # found here
errors:
  NothingToShip: { kind: conflict, details: { total: decimal } }
`,
  },
  good: {
    spec: `
policies:
  - rule: decimal(order.total) > decimal('0')
    error: NothingToShip
    with: { total: order.total }
errors:
  NothingToShip: { kind: conflict, details: { total: decimal } }
`,
  },
  check({ useCase, findError }, report) {
    if (useCase.policies !== undefined && useCase.policies !== "none")
      for (const policy of useCase.policies) {
        const error = policy.error === undefined ? undefined : findError(policy.error.name);
        if (policy.kind === "rule") checkRule(policy, error, report);
        // A check returns the details itself; nobody else can.
        else if (policy.kind === "permission" && error !== undefined && requiresDetails(error) && policy.error !== undefined)
          report({ at: policy.error, message: `A permission cannot give the details that ${error.name} requires.` });
      }
    for (const preparation of useCase.prepare) {
      const error = preparation.error === undefined ? undefined : findError(preparation.error.name);
      if (preparation.error !== undefined && error !== undefined && requiresDetails(error))
        report({
          at: preparation.error,
          message: `A preparation that fails cannot give the details that ${error.name} requires.`,
          help: `Its function may refuse itself: \`reject("${error.name}", { … })\`.`,
        });
    }
    for (const load of useCase.loads) {
      const error = load.kind === "table" && load.missing !== undefined ? findError(load.missing.name) : undefined;
      if (load.kind === "table" && load.missing !== undefined && error !== undefined && requiresDetails(error))
        report({ at: load.missing, message: `A load cannot give the details that ${error.name} requires.` });
    }
  },
};

function checkRule(policy: Policy & { readonly kind: "rule" }, error: ErrorDeclaration | undefined, report: OnReport): void {
  const fields = error?.details ?? [];
  if (fields.length + policy.details.length === 0) return;
  const [firstDetail] = policy.details;
  const at = within(policy, "with");
  if (error === undefined) {
    // An unknown error is told elsewhere; a built-in one has its own details.
    if (firstDetail !== undefined && policy.error === undefined)
      report({ at, on: "key", message: "`with` needs an `error` that declares these details." });
    return;
  }
  const names = fields.map(({ name }) => name);
  const unknown = policy.details.filter(({ name }) => !names.includes(name));
  const missing = fields.filter(({ name, optional }) => !optional && !policy.details.some((detail) => detail.name === name));
  for (const detail of unknown) {
    const message =
      fields.length === 0 ? `Error ${error.name} declares no details.` : `Error ${error.name} has no detail "${detail.name}".`;
    const suggestions = nearest(detail.name, missing.length > 0 ? missing.map(({ name }) => name) : names);
    report({ at: detail, on: "key", message, suggestions });
  }
  // A misspelt name is one mistake, and was said above.
  if (missing.length === 0 || unknown.length > 0) return;
  const list = missing.map(({ name }) => name).join(", ");
  const named = policy.error ?? policy;
  report({
    at: firstDetail === undefined ? named : at,
    ...(firstDetail !== undefined && { on: "key" as const }),
    message: `Error ${error.name} also requires ${list} under \`with\`.`,
  });
}

const requiresDetails = ({ details }: ErrorDeclaration) => details?.some(({ optional }) => !optional) === true;
