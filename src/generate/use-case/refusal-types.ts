import type { ErrorDeclaration, UseCase } from "../../spec/model.js";
import { type Code, generic, members, union } from "../code/code.js";
import { aliasOf, type Declaration } from "../code/declaration.js";
import { lineWidth } from "../code/print-code.js";
import { plainMember } from "../code/type-code.js";
import { literal } from "../encode.js";
import { tableLoads, type UseCaseParts } from "./use-case-parts.js";

/** `…Refusal`: the declared errors; `…Error`: those, and the built-in ones that this use case can meet. */
export function refusalTypes(parts: UseCaseParts): readonly Declaration[] {
  const { useCase, errors, core } = parts;
  const refusals = errors.map((error) => generic(core("Refusal"), literal(error.name), literal(error.kind), detailsType(error, parts)));
  const builtIn = core("BuiltInError");
  const met: Code[] = errors.length === 0 ? [] : [`${useCase.name}Refusal`];
  for (const names of rows(possibleBuiltIns(useCase).map(literal), builtIn)) met.push(generic(builtIn, union(names)));
  return [
    aliasOf(`${useCase.name}Refusal`, refusals.length === 0 ? "never" : union(refusals)),
    aliasOf(`${useCase.name}Error`, union(met)),
  ];
}

function detailsType({ details }: ErrorDeclaration, { context, shared }: UseCaseParts): Code {
  return details === undefined ? "undefined" : members(details.map((field) => plainMember(field, { project: context.project, shared })));
}

/** Every error that can be met though it is not declared. */
export function possibleBuiltIns(useCase: UseCase): readonly string[] {
  const { idempotency, loads, transitions, audit } = useCase;
  const policies = useCase.policies === "none" ? [] : (useCase.policies ?? []);
  const action = useCase.kind === "action";
  const keyed = idempotency !== undefined && idempotency !== "none";
  const locks = tableLoads(loads).some(({ lock }) => lock !== "none");
  const possible: Readonly<Record<string, boolean>> = {
    ConcurrencyConflict: action,
    ConstraintViolation: action,
    Forbidden: policies.some((policy) => policy.kind === "permission" && policy.error === undefined),
    IdempotencyInFlight: keyed,
    IdempotencyKeyRequired: keyed && idempotency.key === "caller",
    IdempotencyMismatch: keyed,
    InvalidTransition: transitions.length > 0,
    LockTimeout: action || locks,
    NotFound: tableLoads(loads).some((load) => load.cardinality === "one" && load.missing === undefined && load.aggregate === undefined),
    PolicyViolation: policies.some((policy) => policy.kind !== "permission" && policy.error === undefined),
    ReasonRequired: audit?.reason === "required",
    Unavailable: true,
    ValidationFailed: true,
  };
  const names = Object.keys(possible).filter((name) => possible[name]);
  const borrow = (error: { readonly name: string } | undefined) => {
    if (error === undefined || names.includes(error.name) || useCase.errors.some(({ name }) => name === error.name)) return;
    names.push(error.name);
  };
  for (const { error } of useCase.prepare) borrow(error);
  for (const { error } of policies) borrow(error);
  for (const { missing } of tableLoads(loads)) borrow(missing);
  return names.sort();
}

/** Deals names into as few lines as hold them, the lines about equally long. */
function rows(names: readonly string[], head: string): readonly (readonly string[])[] {
  const separator = " | ";
  const room = lineWidth - `  | ${head}<>;`.length;
  // Fewer lines cannot hold them.
  const fewest = Math.ceil((names.join(separator).length + separator.length) / (room + separator.length));
  for (let count = fewest; count < names.length; count++) {
    const size = Math.ceil(names.length / count);
    const dealt: (readonly string[])[] = [];
    for (let start = 0; start < names.length; start += size) dealt.push(names.slice(start, start + size));
    if (dealt.every((row) => row.join(separator).length <= room)) return dealt;
  }
  return names.map((name) => [name]);
}
