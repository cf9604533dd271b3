import { expect, expectTypeOf, test } from "vitest";
import { bindHandler } from "./bind.js";
import { createUseCaseCore } from "./core.js";
import type { UseCaseDefinition } from "./definition.js";
import type { BuiltInError, Refusal } from "./errors.js";
import { isUseCaseError } from "./is-use-case-error.js";
import type { Driver } from "./ports.js";
import type { UseCaseTypes } from "./use-case.js";
import { commandSchema } from "./validation.js";

interface Pricing {
  price(sku: string): string;
}

interface Quote extends UseCaseTypes {
  readonly commandInput: { readonly sku: string };
  readonly command: { readonly sku: string };
  readonly state: object;
  readonly writes: object;
  readonly outcome: { readonly result: { readonly price: string } };
  readonly result: { readonly price: string };
  readonly events: object;
  readonly jobs: object;
  readonly refusal: Refusal<"Unknown", "not-found", { readonly sku: string }>;
  readonly error: Quote["refusal"] | BuiltInError<"ValidationFailed">;
  readonly services: { readonly pricing: Pricing };
}

const definition: UseCaseDefinition<Quote> = {
  name: "Quote",
  spec: "specs/quote.usecase.yaml",
  query: true,
  command: commandSchema(() => true),
  state: {},
  policies: [],
  writes: {},
  errors: { Unknown: { kind: "not-found", message: "Unknown." } },
  transaction: { lockTimeoutMs: 1, statementTimeoutMs: 1, retries: 0 },
};
const quote = bindHandler<Quote>(definition, {
  apply(input) {
    // Generated inputs have `services`; this test's shortcut reads it from the run-time object.
    const { pricing } = Reflect.get(input, "services") as Quote["services"];
    return { result: { price: pricing.price(input.command.sku) } };
  },
});
const driver: Driver = {
  name: "none",
  session: async (work) => work({ burst: async () => [] }),
  close: async () => {},
};
const context = { actor: { type: "user", id: "u" } };

test("a query with neither loads nor audit touches no database; services reach the handler", async () => {
  const core = createUseCaseCore({ driver, services: { pricing: { price: (sku: string) => `1.00 for ${sku}` }, other: 1 } });
  const answer = await core.execute(quote, { sku: "A" }, context);
  expect(answer).toEqual({ result: { price: "1.00 for A" }, replayed: false, auditId: null, attempts: 1 });
  expectTypeOf(answer.result).toEqualTypeOf<Quote["result"]>();
});

test("what the compiler refuses", () => {
  const core = createUseCaseCore({ driver });
  const other = createUseCaseCore({ driver, services: { other: 1 } });
  const full = createUseCaseCore({ driver, services: { pricing: { price: () => "" } } });
  const never = () => [
    // @ts-expect-error: the core was given no services
    core.execute(quote, { sku: "A" }, context),
    // @ts-expect-error: the core was given others
    other.tryExecute(quote, { sku: "A" }, context),
    // @ts-expect-error: a command of another shape
    full.execute(quote, { name: "A" }, context),
    // @ts-expect-error: a context without an actor
    full.can(quote, { sku: "A" }, {}),
  ];
  expect(never).toBeTypeOf("function");
  const caught: unknown = undefined;
  if (isUseCaseError(caught, quote) && caught.code === "Unknown") expectTypeOf(caught.details).toEqualTypeOf<{ readonly sku: string }>();
});

test("what is not a use case is said to be none", async () => {
  const core = createUseCaseCore({ driver });
  const wrong = { name: "Wrong", command: definition.command, internals: undefined };
  expect(() => core.explain(wrong)).toThrow('"Wrong" is not a use case');
});
