import type { Detail, Policy } from "../model.js";
import { type Cursor, child, entries, expression, items, name, optionalExpression, optionalName, text } from "./cursor.js";

/** A list of policies; what `policy: name` stands for comes from `shared`. */
export function buildPolicies(at: Cursor, shared: (policy: Cursor) => readonly Policy[]): Policy[] {
  return items(at).flatMap((item) => {
    const list = child(item, "policy");
    return list === undefined ? [buildPolicy(item)] : inserted(shared(list), item);
  });
}

export function buildDetails(at: Cursor | undefined): Detail[] {
  return entries(at).map((entry) => ({ path: entry.path, file: entry.file, name: entry.key, value: expression(entry) }));
}

function buildPolicy(at: Cursor): Policy {
  const { path, file } = at;
  const when = optionalExpression(child(at, "when"));
  const error = optionalName(child(at, "error"));
  const rule = child(at, "rule");
  if (rule !== undefined)
    return { path, file, when, error, kind: "rule", rule: expression(rule), details: buildDetails(child(at, "with")) };
  const check = child(at, "check");
  if (check !== undefined) return { path, file, when, error, kind: "check", check: name(check) };
  const permission = text(at, "permission") ?? "";
  return { path, file, when, error, kind: "permission", permission, resource: optionalExpression(child(at, "resource")) };
}

/** A `when` beside `policy` holds for every inserted policy, together with the policy's own. */
function inserted(policies: readonly Policy[], at: Cursor): Policy[] {
  const when = optionalExpression(child(at, "when"));
  if (when === undefined) return [...policies];
  return policies.map((policy) =>
    policy.when === undefined
      ? { ...policy, when }
      : { ...policy, when: { ...policy.when, source: `(${when.source}) && (${policy.when.source})` } },
  );
}
