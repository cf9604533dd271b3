import { findColumn, findTable } from "../find-table.js";
import type { Condition, Detail, Field, Load, Message, Policy, Project, TableLoad, Transition, Trigger, UseCase } from "../model.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

/** Where in a use case an expression stands: what it may name, what is known there, and what type it must have. */
export type ExpressionPlace =
  | { readonly kind: "idempotency key" | "idempotency fingerprint" }
  | { readonly kind: "load when"; readonly load: Load }
  | { readonly kind: "advisory lock"; readonly load: Load }
  | { readonly kind: "where"; readonly load: TableLoad; readonly condition: Condition }
  | { readonly kind: "condition when"; readonly load: TableLoad; readonly condition: Condition }
  | { readonly kind: "policy when"; readonly policy: Policy }
  | { readonly kind: "resource"; readonly policy: Policy }
  | { readonly kind: "rule"; readonly policy: Policy }
  /** Of a rule's `with`: evaluated when the rule has failed. */
  | { readonly kind: "detail"; readonly policy: Policy; readonly detail: Detail }
  | { readonly kind: "transition when"; readonly transition: Transition }
  | { readonly kind: "delete when"; readonly table: string; readonly condition: Condition }
  /** Of a set-based delete. */
  | { readonly kind: "delete where"; readonly table: string; readonly condition: Condition }
  | { readonly kind: "result"; readonly field: Field }
  | { readonly kind: "audit subject" }
  | { readonly kind: "message when"; readonly message: Message }
  | { readonly kind: "payload"; readonly message: Message; readonly field: Field }
  | { readonly kind: "message key"; readonly message: Message }
  | { readonly kind: "dedupe key"; readonly message: Message }
  | { readonly kind: "job at"; readonly message: Message }
  /** The command that an event or a job becomes. */
  | { readonly kind: "trigger"; readonly trigger: Trigger; readonly detail: Detail }
  /** The tenant's value, and settings of the session. */
  | { readonly kind: "actor" };

/**
 * The type that an expression must have at its place; undefined where any will do (a resource, a fingerprint, a field
 * whose type is the expression's own) or where the schema that would say so is not known.
 */
export function expectedType(project: Project, useCase: UseCase, place: ExpressionPlace): ValueType | undefined {
  switch (place.kind) {
    case "idempotency key":
    case "advisory lock":
    case "audit subject":
    case "message key":
    case "dedupe key":
      return types.key;
    case "load when":
    case "condition when":
    case "delete when":
    case "policy when":
    case "rule":
    case "transition when":
    case "message when":
      return types.bool;
    case "where":
      return ofCondition(project, place.load.table.name, place.condition);
    case "delete where":
      return ofCondition(project, place.table, place.condition);
    case "detail":
      return detailType(project, useCase, place.policy, place.detail);
    case "result":
    case "payload":
      return place.field.type.kind === "inferred" ? undefined : types.fromField(project, place.field);
    case "job at":
      return types.instant;
    case "trigger": {
      const field = useCase.command.find(({ name }) => name === place.detail.name);
      return field === undefined ? undefined : types.fromField(project, field);
    }
    case "actor":
      return types.string;
    case "resource":
    case "idempotency fingerprint":
      return undefined;
  }
}

function ofCondition(project: Project, table: string, condition: Condition): ValueType | undefined {
  const found = findTable(project, table);
  const column = found && findColumn(found, condition.column.name);
  return column === undefined ? undefined : types.conditionType(column, condition.operator);
}

function detailType(project: Project, useCase: UseCase, policy: Policy, detail: Detail): ValueType | undefined {
  if (policy.error === undefined) return undefined;
  const wanted = policy.error.name;
  const error = useCase.errors.find(({ name }) => name === wanted);
  const field = error?.details?.find(({ name }) => name === detail.name);
  return field === undefined ? undefined : types.fromField(project, field);
}
