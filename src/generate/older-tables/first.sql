-- usecasecore: its tables (idempotency keys, audit, outbox, relay slots) and the triggers that keep the audit append-only.
CREATE TABLE "usecase_idempotency" (
	"tenant_id" text NOT NULL,
	"scope" text NOT NULL,
	"use_case" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"outcome" jsonb,
	"audit_id" uuid,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "usecase_idempotency_pkey" PRIMARY KEY("tenant_id","scope","use_case","key")
);
--> statement-breakpoint
CREATE TABLE "usecase_audit" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"use_case" text NOT NULL,
	"action" text NOT NULL,
	"outcome" text NOT NULL,
	"tenant_id" text,
	"actor" jsonb NOT NULL,
	"subject_type" text,
	"subject_id" text,
	"reason" text,
	"command" jsonb,
	"changes" jsonb,
	"error" jsonb,
	"idempotency_key" text,
	"correlation_id" text,
	"causation_id" text,
	"request_id" text
);
--> statement-breakpoint
CREATE TABLE "usecase_outbox" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "usecase_outbox_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"aggregatetype" text NOT NULL,
	"aggregateid" text NOT NULL,
	"slot" smallint NOT NULL,
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"payload" jsonb NOT NULL,
	"headers" jsonb NOT NULL,
	"tenant_id" text NOT NULL,
	"dedupe_key" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer,
	"not_before" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "usecase_outbox_dead" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"id" uuid NOT NULL,
	"kind" text NOT NULL,
	"aggregatetype" text NOT NULL,
	"aggregateid" text NOT NULL,
	"slot" smallint NOT NULL,
	"type" text NOT NULL,
	"version" integer NOT NULL,
	"payload" jsonb NOT NULL,
	"headers" jsonb NOT NULL,
	"tenant_id" text NOT NULL,
	"dedupe_key" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer,
	"not_before" timestamp with time zone,
	"error" text NOT NULL,
	"failed_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usecase_relay_slot" (
	"slot" smallint PRIMARY KEY NOT NULL,
	"owner" text,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"until" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "usecase_idempotency_expires" ON "usecase_idempotency" USING btree ("expires_at");
--> statement-breakpoint
CREATE INDEX "usecase_audit_subject" ON "usecase_audit" USING btree ("subject_type","subject_id","at");
--> statement-breakpoint
CREATE INDEX "usecase_audit_time" ON "usecase_audit" USING btree ("tenant_id","at");
--> statement-breakpoint
CREATE INDEX "usecase_outbox_slot" ON "usecase_outbox" USING btree ("slot","seq");
--> statement-breakpoint
CREATE INDEX "usecase_outbox_waiting" ON "usecase_outbox" USING btree ("slot") WHERE "usecase_outbox"."not_before" is not null;
--> statement-breakpoint
CREATE UNIQUE INDEX "usecase_outbox_dedupe" ON "usecase_outbox" USING btree ("type","tenant_id","dedupe_key") WHERE "usecase_outbox"."dedupe_key" is not null;
--> statement-breakpoint
create or replace function "usecase_assert"(ok boolean, what text) returns integer language plpgsql as $$
begin
  if ok is not true then raise exception 'usecase: %', what using errcode = 'UC001'; end if;
  return 1;
end $$;
--> statement-breakpoint
create or replace function "usecase_refuse_change"() returns trigger language plpgsql as $$
begin
  raise exception 'usecase_audit is append-only' using errcode = 'UC003';
end $$;
--> statement-breakpoint
create or replace trigger usecase_audit_no_change before update or delete on "usecase_audit" for each row execute function "usecase_refuse_change"();
--> statement-breakpoint
create or replace trigger usecase_audit_no_truncate before truncate on "usecase_audit" for each statement execute function "usecase_refuse_change"();
--> statement-breakpoint
alter table "usecase_audit" enable always trigger usecase_audit_no_change;
--> statement-breakpoint
alter table "usecase_audit" enable always trigger usecase_audit_no_truncate;
