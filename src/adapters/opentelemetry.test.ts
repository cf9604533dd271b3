import { expect, test } from "vitest";
import { UseCaseError } from "../runtime/errors.js";
import type { CallEnd, ObservedCall } from "../runtime/observer.js";
import { type Attributes, openTelemetry, openTelemetryGauges } from "./opentelemetry.js";

/** The structure of `@opentelemetry/api`, which writes down what is asked of it. */
function fakeApi(activeSpan?: FakeSpan) {
  const spans: FakeSpan[] = [];
  const measured: [string, number, Attributes | undefined][] = [];
  const trace = {
    setSpan: (context: FakeContext, span: FakeSpan): FakeContext => ({ ...context, span }),
    getSpan: (context: FakeContext) => context.span,
    setSpanContext: (context: FakeContext, remote: object): FakeContext => ({ ...context, remote }),
  };
  const context = { active: (): FakeContext => ({ span: activeSpan }) };
  const tracer = {
    startSpan(name: string, options?: { attributes?: Attributes }, parent?: FakeContext): FakeSpan {
      const span = new FakeSpan(name, parent, { ...options?.attributes });
      spans.push(span);
      return span;
    },
  };
  const meter = {
    createHistogram: (name: string) => ({
      record: (value: number, attributes?: Attributes) => void measured.push([name, value, attributes]),
    }),
    createCounter: (name: string) => ({ add: (value: number, attributes?: Attributes) => void measured.push([name, value, attributes]) }),
  };
  return { trace, context, tracer, meter, spans, measured };
}

interface FakeContext {
  readonly span?: FakeSpan | undefined;
  readonly remote?: object | undefined;
}

class FakeSpan {
  readonly events: string[] = [];
  readonly name: string;
  readonly parent: FakeContext | undefined;
  readonly attributes: Attributes;
  constructor(name: string, parent: FakeContext | undefined, attributes: Attributes) {
    this.name = name;
    this.parent = parent;
    this.attributes = attributes;
  }
  setAttributes(attributes: Attributes): this {
    Object.assign(this.attributes, attributes);
    return this;
  }
  setStatus({ code, message }: { code: number; message?: string }): this {
    this.events.push(`status ${code} ${message}`);
    return this;
  }
  recordException({ message }: Error): void {
    this.events.push(`exception ${message}`);
  }
  end(): void {
    this.events.push("end");
  }
}

const call: ObservedCall = { useCase: "MoveInventory", query: false, correlationId: "c-1", requestId: undefined, traceparent: undefined };
const done: CallEnd = { outcome: "done", code: undefined, failure: undefined, attempts: 1, durationMs: 250 };
const refusal = (code: string, kind: "conflict" | "unavailable") =>
  new UseCaseError("MoveInventory", { code, kind, details: { available: 1 }, message: "Secret 4711.", retryable: false });

test("a span per call, and one per stage below it", () => {
  const active = new FakeSpan("request", undefined, {});
  const api = fakeApi(active);
  const observed = openTelemetry(api).onCall?.(call);
  observed?.onStage?.("begin", 1)?.({ failure: undefined, durationMs: 1 });
  observed?.onStage?.("write", 1)?.({ failure: undefined, durationMs: 1 });
  observed?.onEnd?.(done);
  expect(api.spans.map(({ name, parent, events }) => [name, parent?.span?.name, events])).toEqual([
    ["MoveInventory", "request", ["end"]],
    ["begin", "MoveInventory", ["end"]],
    ["write", "MoveInventory", ["end"]],
  ]);
  expect(api.spans[0]?.attributes).toEqual({
    ...{ "usecase.name": "MoveInventory", "usecase.query": false, "usecase.correlation_id": "c-1" },
    ...{ "usecase.outcome": "done", "usecase.attempts": 1 },
  });
  expect(api.spans[1]?.attributes).toEqual({ "usecase.stage": "begin", "usecase.attempt": 1 });
});

const traceId = "0af7651916cd43dd8448eb211c80319c";
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
test.each<[string, string | undefined, boolean, object | undefined]>([
  ["the call's traceparent", traceparent, false, { traceId, spanId: "b7ad6b7169203331", traceFlags: 1, isRemote: true }],
  ["the active span before it", traceparent, true, undefined],
  ["none", undefined, false, undefined],
  ["none for nonsense", "00-1-2-01", false, undefined],
  ["none for zeros", `00-${"0".repeat(32)}-b7ad6b7169203331-01`, false, undefined],
])("the parent: %s", (_, given, active, remote) => {
  const api = fakeApi(active ? new FakeSpan("request", undefined, {}) : undefined);
  openTelemetry(api).onCall?.({ ...call, traceparent: given });
  expect(api.spans[0]?.parent?.remote).toEqual(remote);
});

test.each<[string, unknown, CallEnd["outcome"], readonly string[]]>([
  ["a refusal is no error", refusal("InsufficientStock", "conflict"), "refused", ["end"]],
  ["a failure is", new TypeError("a bug"), "failed", ["status 2 TypeError", "exception a bug", "end"]],
  [
    "so is a database that is away",
    refusal("Unavailable", "unavailable"),
    "failed",
    ["status 2 UseCaseError", "exception Secret 4711.", "end"],
  ],
  ["something thrown that is no Error", "text", "failed", ["status 2 Error", "exception text", "end"]],
])("%s", (_, failure, outcome, events) => {
  const api = fakeApi();
  const observed = openTelemetry(api).onCall?.(call);
  observed?.onStage?.("apply", 1)?.({ failure, durationMs: 1 });
  observed?.onEnd?.({ ...done, outcome, code: "X", failure });
  expect(api.spans.map((span) => span.events)).toEqual([events, events]);
  expect(JSON.stringify(api.measured)).not.toContain("4711");
});

test("metrics, in seconds", () => {
  const api = fakeApi();
  const observer = openTelemetry(api);
  const observed = observer.onCall?.(call);
  observed?.onStage?.("begin", 1)?.({ failure: undefined, durationMs: 125 });
  observed?.onEnd?.(done);
  observer.onCall?.(call)?.onEnd?.({ ...done, outcome: "refused", code: "LockTimeout", attempts: 3 });
  observer.onDelivery?.({ kind: "job", type: "T", outcome: "dead", attempt: 20, durationMs: 500, ageMs: 90_000, traceparent });
  const of = { "usecase.name": "MoveInventory", "usecase.query": false };
  const message = { "usecase.message.kind": "job", "usecase.message.type": "T", "usecase.outcome": "dead" };
  expect(api.measured).toEqual([
    ["usecase.stage.duration", 0.125, { ...of, "usecase.stage": "begin" }],
    ["usecase.duration", 0.25, { ...of, "usecase.outcome": "done" }],
    ["usecase.duration", 0.25, { ...of, "usecase.outcome": "refused", "usecase.code": "LockTimeout" }],
    ["usecase.retries", 2, of],
    ["usecase.delivery.duration", 0.5, message],
    ["usecase.delivery.age", 90, message],
  ]);
});

test("without tracer or without meter", () => {
  const { trace, context, tracer, meter, spans, measured } = fakeApi();
  const only = openTelemetry({ trace, context, meter }).onCall?.(call);
  only?.onStage?.("begin", 1)?.({ failure: undefined, durationMs: 1 });
  only?.onEnd?.(done);
  expect([spans.length, measured.length]).toEqual([0, 2]);
  const traced = openTelemetry({ trace, context, tracer }).onCall?.(call);
  traced?.onStage?.("begin", 1)?.({ failure: undefined, durationMs: 1 });
  traced?.onEnd?.(done);
  expect([spans.length, measured.length]).toEqual([2, 2]);
  expect(openTelemetry({ trace, context }).onCall?.(call)?.onStage?.("begin", 1)).toBeUndefined();
});

test("gauges, asked at each collection", async () => {
  const observed: [string, number][] = [];
  let collect = async () => {};
  const meter = {
    createObservableGauge: (name: string) => name,
    addBatchObservableCallback(callback: (result: { observe(gauge: string, value: number): void }) => Promise<void>, gauges: string[]) {
      collect = () => callback({ observe: (gauge, value) => void observed.push([gauge, gauges.includes(gauge) ? value : Number.NaN]) });
    },
  };
  openTelemetryGauges(meter, { gauges: async () => ({ outbox: { due: 3, lagMs: 1_500 }, deadLetters: 2, lockWaits: 1 }) });
  await collect();
  expect(observed).toEqual([
    ["usecase.outbox.due", 3],
    ["usecase.outbox.lag", 1.5],
    ["usecase.outbox.dead", 2],
    ["usecase.lock_waits", 1],
  ]);
});
