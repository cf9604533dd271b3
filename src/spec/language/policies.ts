import { anyOf, described, type JsonSchema, listOf, mapping, mappingOf, ref } from "./json-schema-data.js";
import { errorReference, expression } from "./scalars.js";

const when = described(expression, "If false, this policy is left out.");
const error = described(
  errorReference,
  "The refusal: a declared or built-in error. Default: Forbidden for a permission, else PolicyViolation.",
);

/** Who may, and what must hold. */
export const policies: Readonly<Record<string, JsonSchema>> = {
  policyList: listOf("a list of policies", ref("policy")),
  policy: anyOf("a policy (a mapping with permission, rule, check or policy)", [
    ref("permissionPolicy"),
    ref("rulePolicy"),
    ref("checkPolicy"),
    ref("sharedPolicies"),
  ]),
  permissionPolicy: mapping(
    "a permission policy",
    {
      permission: described(ref("dottedName"), "Asked of the configured authorizer; without `resource` before any row is touched."),
      resource: described(expression, "What it is asked about: a load, or an expression over loads."),
      error,
      when,
    },
    ["permission"],
  ),
  rulePolicy: mapping(
    "a rule",
    {
      rule: described(expression, "An expression that must be true."),
      error,
      with: described(ref("details"), "The error's details."),
      when,
    },
    ["rule"],
  ),
  checkPolicy: mapping(
    "a check",
    {
      check: described(
        ref("camelCaseName"),
        "A pure function of the handler file: ({ command, state, actor, now }) => boolean | { details }.",
      ),
      error,
      when,
    },
    ["check"],
  ),
  sharedPolicies: mapping(
    "a list of shared policies",
    { policy: described(ref("camelCaseName"), "The name of a shared list of policies, inserted here."), when },
    ["policy"],
  ),
  details: mappingOf("a mapping from names to expressions", "camelCaseName", expression),
};
