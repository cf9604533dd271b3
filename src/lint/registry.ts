import type { Rule } from "./rule.js";
import { auditReasonOptional } from "./rules/audit-reason-optional.js";
import { auditSensitive } from "./rules/audit-sensitive.js";
import { auditSubject } from "./rules/audit-subject.js";
import { commandClaimedActor } from "./rules/command-claimed-actor.js";
import { commandUnbounded } from "./rules/command-unbounded.js";
import { commandUnused } from "./rules/command-unused.js";
import { configUnknownReference } from "./rules/config-unknown-reference.js";
import { docsDeprecated } from "./rules/docs-deprecated.js";
import { docsSummary } from "./rules/docs-summary.js";
import { errorDuplicate } from "./rules/error-duplicate.js";
import { errorUnknownConstraint } from "./rules/error-unknown-constraint.js";
import { errorUnused } from "./rules/error-unused.js";
import { eventDuplicate } from "./rules/event-duplicate.js";
import { eventKey } from "./rules/event-key.js";
import { eventUnserialisedKey } from "./rules/event-unserialised-key.js";
import { eventUnstableKey } from "./rules/event-unstable-key.js";
import { expressionConstant } from "./rules/expression-constant.js";
import { expressionSyntax } from "./rules/expression-syntax.js";
import { expressionType } from "./rules/expression-type.js";
import { flowCycle } from "./rules/flow-cycle.js";
import { flowUnhandledJob } from "./rules/flow-unhandled-job.js";
import { handlerTx } from "./rules/handler-tx.js";
import { idempotencyMissing } from "./rules/idempotency-missing.js";
import { idempotencyUnstableKey } from "./rules/idempotency-unstable-key.js";
import { jobDuplicate } from "./rules/job-duplicate.js";
import { lintSuppressionReason } from "./rules/lint-suppression-reason.js";
import { lintUnusedSuppression } from "./rules/lint-unused-suppression.js";
import { lockForeignKey } from "./rules/lock-foreign-key.js";
import { lockInQuery } from "./rules/lock-in-query.js";
import { lockLimitOrder } from "./rules/lock-limit-order.js";
import { lockOrderCycle } from "./rules/lock-order-cycle.js";
import { lockStrongerThanNeeded } from "./rules/lock-stronger-than-needed.js";
import { lockUpgrade } from "./rules/lock-upgrade.js";
import { lockWriteWithoutLock } from "./rules/lock-write-without-lock.js";
import { namingStyle } from "./rules/naming-style.js";
import { policyDetails } from "./rules/policy-details.js";
import { policyMissing } from "./rules/policy-missing.js";
import { policyOpenQuery } from "./rules/policy-open-query.js";
import { policyOrder } from "./rules/policy-order.js";
import { policyRepeated } from "./rules/policy-repeated.js";
import { policyUnknownError } from "./rules/policy-unknown-error.js";
import { secretLeak } from "./rules/secret-leak.js";
import { specDrizzleSchema } from "./rules/spec-drizzle-schema.js";
import { specDuplicate } from "./rules/spec-duplicate.js";
import { specFileName } from "./rules/spec-file-name.js";
import { specKeyOrder } from "./rules/spec-key-order.js";
import { specLimits } from "./rules/spec-limits.js";
import { specName } from "./rules/spec-name.js";
import { specSchema } from "./rules/spec-schema.js";
import { specSyntax } from "./rules/spec-syntax.js";
import { specUnknownReference } from "./rules/spec-unknown-reference.js";
import { stateAggregateType } from "./rules/state-aggregate-type.js";
import { stateCheckThenWrite } from "./rules/state-check-then-write.js";
import { stateConstValue } from "./rules/state-const-value.js";
import { stateCycle } from "./rules/state-cycle.js";
import { stateKeyBy } from "./rules/state-key-by.js";
import { stateNoEffect } from "./rules/state-no-effect.js";
import { stateNoIndex } from "./rules/state-no-index.js";
import { stateNoPrimaryKey } from "./rules/state-no-primary-key.js";
import { stateNotUnique } from "./rules/state-not-unique.js";
import { stateNullExcluded } from "./rules/state-null-excluded.js";
import { stateOptionalValue } from "./rules/state-optional-value.js";
import { stateStaleValue } from "./rules/state-stale-value.js";
import { stateTypeMismatch } from "./rules/state-type-mismatch.js";
import { stateUnbounded } from "./rules/state-unbounded.js";
import { stateUntypedColumn } from "./rules/state-untyped-column.js";
import { stateUnused } from "./rules/state-unused.js";
import { tenantMissing } from "./rules/tenant-missing.js";
import { tenantUnbound } from "./rules/tenant-unbound.js";
import { transactionIsolation } from "./rules/transaction-isolation.js";
import { transactionTimeoutOrder } from "./rules/transaction-timeout-order.js";
import { transitionDeadEnd } from "./rules/transition-dead-end.js";
import { transitionOverlap } from "./rules/transition-overlap.js";
import { transitionStateValues } from "./rules/transition-state-values.js";
import { transitionUnguardedWrite } from "./rules/transition-unguarded-write.js";
import { transitionUnknown } from "./rules/transition-unknown.js";
import { transitionUnreachable } from "./rules/transition-unreachable.js";
import { transitionUnused } from "./rules/transition-unused.js";
import { triggerIdempotency } from "./rules/trigger-idempotency.js";
import { triggerShape } from "./rules/trigger-shape.js";
import { writeDeleteAll } from "./rules/write-delete-all.js";
import { writeGeneratedId } from "./rules/write-generated-id.js";
import { writeIncrementType } from "./rules/write-increment-type.js";
import { writeNoIndex } from "./rules/write-no-index.js";
import { writeReferencedRow } from "./rules/write-referenced-row.js";
import { writeRequiredColumn } from "./rules/write-required-column.js";
import { writeUnknownColumn } from "./rules/write-unknown-column.js";
import { writeUnmappedConstraint } from "./rules/write-unmapped-constraint.js";
import { writeUnused } from "./rules/write-unused.js";
import { writeUpsertKey } from "./rules/write-upsert-key.js";

/** Every rule, by id. */
export const rules: readonly Rule[] = [
  auditReasonOptional,
  auditSensitive,
  auditSubject,
  commandClaimedActor,
  commandUnbounded,
  commandUnused,
  configUnknownReference,
  docsDeprecated,
  docsSummary,
  errorDuplicate,
  errorUnknownConstraint,
  errorUnused,
  eventDuplicate,
  eventKey,
  eventUnserialisedKey,
  eventUnstableKey,
  expressionConstant,
  expressionSyntax,
  expressionType,
  flowCycle,
  flowUnhandledJob,
  handlerTx,
  idempotencyMissing,
  idempotencyUnstableKey,
  jobDuplicate,
  lintSuppressionReason,
  lintUnusedSuppression,
  lockForeignKey,
  lockInQuery,
  lockLimitOrder,
  lockOrderCycle,
  lockStrongerThanNeeded,
  lockUpgrade,
  lockWriteWithoutLock,
  namingStyle,
  policyDetails,
  policyMissing,
  policyOpenQuery,
  policyOrder,
  policyRepeated,
  policyUnknownError,
  secretLeak,
  specDrizzleSchema,
  specDuplicate,
  specFileName,
  specKeyOrder,
  specLimits,
  specName,
  specSchema,
  specSyntax,
  specUnknownReference,
  stateAggregateType,
  stateCheckThenWrite,
  stateConstValue,
  stateCycle,
  stateKeyBy,
  stateNoEffect,
  stateNoIndex,
  stateNoPrimaryKey,
  stateNotUnique,
  stateNullExcluded,
  stateOptionalValue,
  stateStaleValue,
  stateTypeMismatch,
  stateUnbounded,
  stateUntypedColumn,
  stateUnused,
  tenantMissing,
  tenantUnbound,
  transactionIsolation,
  transactionTimeoutOrder,
  transitionDeadEnd,
  transitionOverlap,
  transitionStateValues,
  transitionUnguardedWrite,
  transitionUnknown,
  transitionUnreachable,
  transitionUnused,
  triggerIdempotency,
  triggerShape,
  writeDeleteAll,
  writeGeneratedId,
  writeIncrementType,
  writeNoIndex,
  writeReferencedRow,
  writeRequiredColumn,
  writeUnknownColumn,
  writeUnmappedConstraint,
  writeUnused,
  writeUpsertKey,
];
