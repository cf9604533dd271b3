// Spans and metrics for OpenTelemetry. The types are those parts of `@opentelemetry/api` that are used here: this package
// does not depend on it, and whatever the application passes in decides where the data goes.
import type { Gauges } from "../runtime/gauges.js";
import { isUseCaseError } from "../runtime/is-use-case-error.js";
import type { CallEnd, Observer } from "../runtime/observer.js";

export type Attributes = Record<string, string | number | boolean>;

/** `Span` of `@opentelemetry/api`. */
export interface OpenTelemetrySpan {
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  recordException(exception: Error): void;
  end(): void;
}

/** `Tracer`. */
export interface OpenTelemetryTracer<Span extends OpenTelemetrySpan, Context> {
  startSpan(name: string, options?: { readonly kind?: number; readonly attributes?: Attributes }, context?: Context): Span;
}

/** `Meter`. */
export interface OpenTelemetryMeter {
  createHistogram(
    name: string,
    options?: { readonly unit?: string; readonly description?: string },
  ): {
    record(value: number, attributes?: Attributes): void;
  };
  createCounter(
    name: string,
    options?: { readonly unit?: string; readonly description?: string },
  ): {
    add(value: number, attributes?: Attributes): void;
  };
}

/** `Meter`, for what is asked at each collection. */
export interface OpenTelemetryGaugeMeter<Gauge> {
  createObservableGauge(name: string, options?: { readonly unit?: string; readonly description?: string }): Gauge;
  addBatchObservableCallback(
    callback: (result: { observe(gauge: Gauge, value: number): void }) => Promise<void>,
    observables: Gauge[],
  ): void;
}

interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean;
}

export interface OpenTelemetryOptions<Span extends OpenTelemetrySpan, Context> {
  /** `trace` of `@opentelemetry/api`. */
  readonly trace: {
    setSpan(context: Context, span: Span): Context;
    getSpan(context: Context): unknown;
    setSpanContext(context: Context, spanContext: SpanContext): Context;
  };
  /** `context` of `@opentelemetry/api`. */
  readonly context: { active(): Context };
  /** Without one, no spans. */
  readonly tracer?: OpenTelemetryTracer<Span, Context> | undefined;
  /** Without one, no metrics. */
  readonly meter?: OpenTelemetryMeter | undefined;
}

/** `SpanStatusCode.ERROR`. */
const errorStatus = 2;

/**
 * A span per call with one per stage below it, and metrics of calls and deliveries. A call's span is a child of the span
 * that is active when the call is made, or else of the call's `traceparent`. A refusal is an answer, not an error.
 * @example
 * import { context, metrics, trace } from "@opentelemetry/api";
 * const observer = openTelemetry({ trace, context, tracer: trace.getTracer("app"), meter: metrics.getMeter("app") });
 * const core = createUseCaseCore({ driver, observer });
 */
export function openTelemetry<Span extends OpenTelemetrySpan, Context>({
  trace,
  context,
  tracer,
  meter,
}: OpenTelemetryOptions<Span, Context>): Observer {
  const metrics = meter && instruments(meter);
  return {
    onCall({ useCase, query, correlationId, requestId, traceparent }) {
      const attributes = { "usecase.name": useCase, "usecase.query": query };
      const active = context.active();
      const remote = trace.getSpan(active) === undefined ? parseTraceparent(traceparent) : undefined;
      const parent = remote === undefined ? active : trace.setSpanContext(active, remote);
      const span = tracer?.startSpan(
        useCase,
        { attributes: { ...attributes, ...given("usecase.correlation_id", correlationId), ...given("usecase.request_id", requestId) } },
        parent,
      );
      const below = span && trace.setSpan(parent, span);
      return {
        onStage(stage, attempt) {
          const child = below && tracer?.startSpan(stage, { attributes: { "usecase.stage": stage, "usecase.attempt": attempt } }, below);
          if (child === undefined && metrics === undefined) return undefined;
          return ({ failure, durationMs }) => {
            metrics?.stage.record(durationMs / 1000, { ...attributes, "usecase.stage": stage });
            if (child !== undefined) endSpan(child, failure);
          };
        },
        onEnd(end) {
          const ended = { "usecase.outcome": end.outcome, ...given("usecase.code", end.code) };
          metrics?.duration.record(end.durationMs / 1000, { ...attributes, ...ended });
          if (end.attempts > 1) metrics?.retries.add(end.attempts - 1, attributes);
          span?.setAttributes({ ...ended, "usecase.attempts": end.attempts });
          if (span) endSpan(span, isError(end) ? end.failure : undefined);
        },
      };
    },
    onDelivery({ kind, type, outcome, durationMs, ageMs }) {
      const attributes = { "usecase.message.kind": kind, "usecase.message.type": type, "usecase.outcome": outcome };
      metrics?.delivery.record(durationMs / 1000, attributes);
      metrics?.age.record(ageMs / 1000, attributes);
    },
  };
}

/**
 * Gauges of the outbox' backlog, its lag, dead letters and waits for locks. Each collection asks the database once; let one
 * process do it. A collection that fails leaves the gauges out.
 * @example openTelemetryGauges(metrics.getMeter("app"), core);
 */
export function openTelemetryGauges<Gauge>(meter: OpenTelemetryGaugeMeter<Gauge>, core: { gauges(): Promise<Gauges> }): void {
  const due = meter.createObservableGauge("usecase.outbox.due", {
    unit: "{message}",
    description: "Messages that could be delivered now.",
  });
  const lag = meter.createObservableGauge("usecase.outbox.lag", {
    unit: "s",
    description: "How long the oldest of them has been waiting.",
  });
  const dead = meter.createObservableGauge("usecase.outbox.dead", { unit: "{message}", description: "Messages that were given up." });
  const waits = meter.createObservableGauge("usecase.lock_waits", {
    unit: "{connection}",
    description: "Connections that wait for a lock.",
  });
  meter.addBatchObservableCallback(
    async (result) => {
      const { outbox, deadLetters, lockWaits } = await core.gauges();
      result.observe(due, outbox.due);
      result.observe(lag, outbox.lagMs / 1000);
      result.observe(dead, deadLetters);
      result.observe(waits, lockWaits);
    },
    [due, lag, dead, waits],
  );
}

function instruments(meter: OpenTelemetryMeter) {
  return {
    duration: meter.createHistogram("usecase.duration", { unit: "s", description: "Duration of calls." }),
    stage: meter.createHistogram("usecase.stage.duration", {
      unit: "s",
      description: "Duration of the stages of calls; waiting for locks is in begin, load and write.",
    }),
    retries: meter.createCounter("usecase.retries", { unit: "{retry}", description: "Transactions that were run again." }),
    delivery: meter.createHistogram("usecase.delivery.duration", { unit: "s", description: "Duration of deliveries by the relay." }),
    age: meter.createHistogram("usecase.delivery.age", { unit: "s", description: "Time from writing a message to the end of a delivery." }),
  };
}

function isError({ outcome }: CallEnd): boolean {
  return outcome === "failed";
}

/** Refusals that a stage throws carry details of commands and rows: they are no exceptions to record. */
function endSpan(span: OpenTelemetrySpan, failure: unknown): void {
  if (failure !== undefined && !isRefusal(failure)) {
    const error = failure instanceof Error ? failure : new Error(String(failure));
    span.setStatus({ code: errorStatus, message: error.name });
    span.recordException(error);
  }
  span.end();
}

function isRefusal(failure: unknown): boolean {
  return isUseCaseError(failure) && failure.kind !== "unavailable";
}

const traceparentFormat = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;

function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceparentFormat.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags ?? "0", 16), isRemote: true };
}

function given(name: string, value: string | undefined): Attributes {
  return value === undefined ? {} : { [name]: value };
}
