import type { Policy, UseCase } from "../../spec/model.js";
import { generic, type Member, member, members, union } from "../code/code.js";
import { aliasOf, type Declaration, interfaceOf } from "../code/declaration.js";
import { lineWidth } from "../code/print-code.js";
import { plainMember } from "../code/type-code.js";
import { literal, propertyKey } from "../encode.js";
import { durationText } from "./duration-text.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** `…Services`, `…Input` and `…Handler`: what the handler is given, and what it has to be. */
export function handlerTypes(parts: UseCaseParts): readonly Declaration[] {
  const { useCase, core, hasHandler } = parts;
  const { name } = useCase;
  if (!hasHandler) return [];
  const input = generic(core("HandlerInput"), name);
  const services = servicesType(parts);
  return [
    ...(services === undefined
      ? [aliasOf(`${name}Input`, input)]
      : [services, interfaceOf(`${name}Input`, [member("services", `${name}Services`)], { extends: input })]),
    interfaceOf(`${name}Handler`, [...prepareMember(parts), ...checksMember(parts)], {
      methods: [{ comment: [], code: applyMethod(name) }],
    }),
  ];
}

/** The members of the project's services that `uses:` names; undefined where it names none. */
export function servicesType({ useCase, context, imports, file }: UseCaseParts): Declaration | undefined {
  const { services } = context.project.config;
  if (useCase.uses.length === 0 || services === undefined) return undefined;
  const all = imports.type(context.paths.importOf(file, services), "Services");
  const used = union(useCase.uses.map((each) => literal(each.name)));
  return aliasOf(`${useCase.name}Services`, generic("Pick", all, used), { comment: ["What `uses` names."] });
}

function applyMethod(name: string): string {
  const result = `: ${name}Outcome | Promise<${name}Outcome>;`;
  const flat = `apply(input: ${name}Input)${result}`;
  return flat.length + 2 <= lineWidth ? flat : `apply(\n    input: ${name}Input,\n  )${result}`;
}

function prepareMember({ useCase: { name, prepare }, core }: UseCaseParts): readonly Member[] {
  if (prepare.length === 0) return [];
  const functions = prepare.map((each) => {
    const limit = `Within ${durationText(each.timeoutMs / 1000)}, else ${each.error?.name ?? "Unavailable"}.`;
    return member(propertyKey(each.name), generic(core("Prepare"), name, `${name}Prepare[${literal(each.name)}]`), { comment: [limit] });
  });
  return [member("prepare", members(functions), { comment: ["Called before the transaction, maybe more than once for a key."] })];
}

function checksMember(parts: UseCaseParts): readonly Member[] {
  const { useCase } = parts;
  const checks = new Map<string, Member>();
  for (const policy of useCase.policies === "none" ? [] : (useCase.policies ?? [])) {
    if (policy.kind === "check" && !checks.has(policy.check.name)) checks.set(policy.check.name, checkMember(policy, parts));
  }
  return checks.size === 0 ? [] : [member("checks", members([...checks.values()]))];
}

function checkMember({ check, error }: Extract<Policy, { kind: "check" }>, { useCase, context, core, shared }: UseCaseParts): Member {
  const details = detailsOf(useCase, error?.name);
  const type =
    details === undefined
      ? generic(core("Check"), useCase.name)
      : generic(
          core("DetailedCheck"),
          useCase.name,
          members(details.map((field) => plainMember(field, { project: context.project, shared }))),
        );
  return member(propertyKey(check.name), type, { comment: [`Refuses with ${error?.name ?? "PolicyViolation"}.`] });
}

function detailsOf({ errors }: UseCase, error: string | undefined) {
  return errors.find(({ name }) => name === error)?.details;
}
