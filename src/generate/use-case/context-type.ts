import type { UseCase } from "../../spec/model.js";
import { type Member, member } from "../code/code.js";
import { aliasOf, type Declaration, interfaceOf } from "../code/declaration.js";
import { durationText } from "./duration-text.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** `…Context`: what a call says besides the command, with what this use case requires made required. */
export function contextType(parts: UseCaseParts): Declaration {
  const { useCase, core } = parts;
  const required = [actor(parts), idempotencyKey(useCase, parts.tenantScoped), reason(useCase)].filter((each) => each !== undefined);
  const base = core("ExecuteContext");
  return required.length === 0
    ? aliasOf(`${useCase.name}Context`, base)
    : interfaceOf(`${useCase.name}Context`, required, { extends: base });
}

function actor({ tenantScoped, core }: UseCaseParts): Member | undefined {
  return tenantScoped ? member("actor", core("TenantActor")) : undefined;
}

function idempotencyKey({ idempotency }: UseCase, tenantScoped: boolean): Member | undefined {
  if (idempotency === undefined || idempotency === "none" || idempotency.key !== "caller") return undefined;
  const scope = idempotency.scope ?? (tenantScoped ? "tenant" : "actor");
  const comment = [`One key, one effect; kept for ${durationText(idempotency.retentionSeconds)} per ${scope}.`];
  return member("idempotencyKey", "string", { comment });
}

function reason({ audit }: UseCase): Member | undefined {
  return audit?.reason === "required" ? member("reason", "string", { comment: ["Why; it goes into the audit."] }) : undefined;
}
