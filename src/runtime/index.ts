export type { AuditLog } from "./audit/audit-log.js";
export type { AuditActor, AuditChange, AuditEntry, AuditOutcome } from "./audit/entry.js";
export type { AuditQuery } from "./audit/list-entries.js";
export type { AuditHead, Sealed } from "./audit/seal.js";
export type { AuditFault, AuditVerification, VerifyOptions } from "./audit/verify.js";
export { bindHandler, bindQuery, NotImplementedError, notImplemented } from "./bind.js";
export type { Can } from "./can.js";
export type { Actor, ExecuteContext, TenantActor } from "./context.js";
export { createUseCaseCore, type MissingServices, type NeedsOf, type Tried, type UseCaseCore, type UseCaseCoreOptions } from "./core.js";
export { DatabaseError } from "./database-error.js";
export type {
  Condition,
  Load,
  Lock,
  Message,
  Policy,
  Transition,
  TriggeredByEvent,
  TriggeredByJob,
  TriggeredBySchedule,
  UseCaseDefinition,
  WriteRights,
} from "./definition.js";
export {
  type BuiltInCode,
  type BuiltInError,
  type ErrorKind,
  type Refusal,
  UseCaseError,
  type Violation,
} from "./errors.js";
export type { Executed } from "./execute.js";
export type { ExplainedRefusal, ExplainedStatement, Explanation } from "./explain/explanation.js";
export type { Gauges } from "./gauges.js";
export type { ReadTransaction, WriteTransaction } from "./handler-database.js";
export { isUseCaseError } from "./is-use-case-error.js";
export type {
  CallEnd,
  CallObserver,
  CallOutcome,
  ObservedCall,
  ObservedDelivery,
  Observer,
  Stage,
  StageEnd,
} from "./observer.js";
export type { Page } from "./page.js";
export type { AuthorizationRequest, Authorizer, BurstItem, Driver, Logger, Session, SqlText, Statement, StatementResult } from "./ports.js";
export { type CloudEvent, type CloudEventOptions, cloudEvent } from "./relay/cloud-event.js";
export type { DeadLetter } from "./relay/dead-letter.js";
export type { DeadLetterQuery, DeadLetters } from "./relay/dead-letters.js";
export type { RelayMessage } from "./relay/message.js";
export type { Destination, Receivers } from "./relay/receiver.js";
export { createRelay, type Relay, type RelayOptions, type RelayStats } from "./relay/relay.js";
export type { Job, JobCall, JobHandler, JobHandlers, JobRun } from "./relay/run-job.js";
export {
  type AnyRepository,
  type Changes,
  type Columns,
  type DeletesOf,
  type IncrementOf,
  type NewColumns,
  type Projection,
  type Repository,
  type RowOf,
  repository,
  type rowOf,
  type Totals,
  type UpdateOf,
  type UpsertOf,
} from "./repository.js";
export type { StandardSchemaV1 } from "./standard-schema.js";
export { type UseCaseTables, usecaseTables } from "./tables.js";
export type {
  AnyUseCase,
  Check,
  DetailedCheck,
  Handler,
  HandlerInput,
  OutcomeScope,
  Prepare,
  PrepareInput,
  Scope,
  UseCase,
  UseCaseTypes,
} from "./use-case.js";
