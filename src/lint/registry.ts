import type { Rule } from "./rule.js";
import { errorUnknownConstraint } from "./rules/error-unknown-constraint.js";
import { errorUnused } from "./rules/error-unused.js";
import { eventKey } from "./rules/event-key.js";
import { idempotencyMissing } from "./rules/idempotency-missing.js";
import { lintSuppressionReason } from "./rules/lint-suppression-reason.js";
import { lintUnusedSuppression } from "./rules/lint-unused-suppression.js";
import { policyMissing } from "./rules/policy-missing.js";
import { policyUnknownError } from "./rules/policy-unknown-error.js";
import { specDrizzleSchema } from "./rules/spec-drizzle-schema.js";
import { specDuplicate } from "./rules/spec-duplicate.js";
import { specFileName } from "./rules/spec-file-name.js";
import { specLimits } from "./rules/spec-limits.js";
import { specName } from "./rules/spec-name.js";
import { specSchema } from "./rules/spec-schema.js";
import { specSyntax } from "./rules/spec-syntax.js";
import { specUnknownReference } from "./rules/spec-unknown-reference.js";
import { specUnsupported } from "./rules/spec-unsupported.js";
import { stateKeyBy } from "./rules/state-key-by.js";
import { stateNoPrimaryKey } from "./rules/state-no-primary-key.js";
import { stateNotUnique } from "./rules/state-not-unique.js";
import { transitionStateValues } from "./rules/transition-state-values.js";
import { transitionUnguardedWrite } from "./rules/transition-unguarded-write.js";
import { transitionUnknown } from "./rules/transition-unknown.js";
import { writeGeneratedId } from "./rules/write-generated-id.js";
import { writeRequiredColumn } from "./rules/write-required-column.js";
import { writeUnknownColumn } from "./rules/write-unknown-column.js";

/** Every rule, by id. */
export const rules: readonly Rule[] = [
  errorUnknownConstraint,
  errorUnused,
  eventKey,
  idempotencyMissing,
  lintSuppressionReason,
  lintUnusedSuppression,
  policyMissing,
  policyUnknownError,
  specDrizzleSchema,
  specDuplicate,
  specFileName,
  specLimits,
  specName,
  specSchema,
  specSyntax,
  specUnknownReference,
  specUnsupported,
  stateKeyBy,
  stateNoPrimaryKey,
  stateNotUnique,
  transitionStateValues,
  transitionUnguardedWrite,
  transitionUnknown,
  writeGeneratedId,
  writeRequiredColumn,
  writeUnknownColumn,
];
