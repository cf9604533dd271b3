// A story on one screen: what the use cases of ../specs do, told by what they answer and by what they leave in the database.
import { asc, eq } from "drizzle-orm";
import { createRelay, createUseCaseCore, type RelayMessage, UseCaseError, usecaseTables } from "usecasecore";
import { authorizer } from "./authorizer.js";
import { openDatabase } from "./db/open-database.js";
import { inventoryBalances } from "./db/schema.js";
import { seed, shelfA, shelfB } from "./db/seed.js";
import type { Services } from "./services.js";
import { chapter, line, table } from "./story.js";
import {
  addOrderLine,
  createOrder,
  getOrder,
  moveInventory,
  payOrder,
  reserveInventory,
  shipOrder,
  useCases,
} from "./usecases/index.gen.js";

const database = await openDatabase(process.env["DATABASE_URL"]);
const tenantId = `shop-${crypto.randomUUID().slice(0, 8)}`;
await seed(database, tenantId);

// It is always noon in the story: stock is not moved at night.
const noon = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
// A real supplier is asked over the network.
const services: Services = {
  suppliers: { quote: async () => ({ price: "9.50", validUntil: new Date(noon.getTime() + 60_000).toISOString() }) },
};
const core = createUseCaseCore({ driver: database.driver, authorizer, services, clock: () => noon });
const clerk = { type: "user", id: "carla", tenantId, roles: ["clerk"] };
const customer = { type: "user", id: "udo", tenantId, roles: ["customer"] };

/** Prints what a call answers: its result, or the refusal. */
async function show<Result>(
  call: Promise<{ result: Result; replayed: boolean }>,
  describe: (result: Result) => string,
): Promise<Result | undefined> {
  try {
    const { result, replayed } = await call;
    line(replayed ? "replayed" : "done", describe(result));
    return result;
  } catch (error) {
    if (!(error instanceof UseCaseError)) throw error;
    line(
      "refused",
      `${error.code} (${error.kind}): ${error.message}${error.details === undefined ? "" : ` ${JSON.stringify(error.details)}`}`,
    );
    return undefined;
  }
}

async function stock(): Promise<string> {
  const rows = await database.db.select().from(inventoryBalances).where(eq(inventoryBalances.tenantId, tenantId));
  const at = (locationId: string) => rows.find((row) => row.sku === "WIDGET-1" && row.locationId === locationId)?.quantity;
  return `shelf A ${at(shelfA)}, shelf B ${at(shelfB)}`;
}

chapter(`usecasecore example on ${database.name}: 100 widgets on shelf A`);
const move = { sku: "WIDGET-1", fromLocationId: shelfA, toLocationId: shelfB, quantity: 30, note: "for Mrs Miller" };
const clerkCall = { actor: clerk, idempotencyKey: "move-1", reason: "refill shelf B" };
const moved = ({ sourceQuantity, destinationQuantity }: { sourceQuantity: number; destinationQuantity: number }) =>
  `now ${sourceQuantity} and ${destinationQuantity}`;

chapter("Move 30 from shelf A to shelf B");
await show(core.execute(moveInventory, move, clerkCall), moved);
chapter("The same key again: nothing is doubled");
await show(core.execute(moveInventory, move, clerkCall), moved);
line("stock", await stock());
chapter("The same key with another command");
await show(core.execute(moveInventory, { ...move, quantity: 31 }, clerkCall), moved);
chapter("More than there is");
await show(core.execute(moveInventory, { ...move, quantity: 500 }, { ...clerkCall, idempotencyKey: "move-2" }), moved);

chapter("An order of 5 widgets and 2 gadgets: created, a widget more at the supplier's price, reserved, paid, shipped");
const lines = [
  { sku: "WIDGET-1", quantity: 5 },
  { sku: "GADGET-1", quantity: 2 },
];
const order = await show(
  core.execute(
    createOrder,
    { orderNumber: "2026-001", customerId: crypto.randomUUID(), lines },
    { actor: customer, idempotencyKey: "order-1" },
  ),
  ({ total }) => `order 2026-001 over ${total}`,
);
if (order === undefined) throw new Error("The order was refused.");
const { orderId } = order;
const more = { orderId, sku: "WIDGET-1", quantity: 1, highestPrice: "9.00" };
await show(core.execute(addOrderLine, more, { actor: customer, idempotencyKey: "line-1" }), () => "added");
const added = await show(
  core.execute(addOrderLine, { ...more, highestPrice: "9.90" }, { actor: customer, idempotencyKey: "line-2" }),
  ({ price, total }) => `one more at ${price}, now ${total}`,
);
await show(
  core.execute(reserveInventory, { requestId: crypto.randomUUID(), orderId, locationId: shelfA }, { actor: clerk }),
  ({ reservationIds, short }) => `${reservationIds.length} lines reserved${short ? ", some of them short" : ""}`,
);
await show(
  core.execute(
    payOrder,
    { orderId, amount: added?.total ?? order.total, cardToken: "tok_4242424242" },
    { actor: customer, idempotencyKey: "pay-1" },
  ),
  ({ paidAt }) => `paid at ${paidAt}`,
);
await show(
  core.execute(shipOrder, { orderId, trackingNumber: "TRACK-77" }, { actor: clerk, idempotencyKey: "ship-1" }),
  ({ parcels }) => `shipped from ${parcels} places`,
);
await show(core.execute(getOrder, { orderId }, { actor: customer }), ({ status, total }) => `read back: ${status}, ${total}`);
line("stock", await stock());
chapter("Ship it again: the Order machine does not allow it");
await show(core.execute(shipOrder, { orderId }, { actor: clerk, idempotencyKey: "ship-2" }), () => "shipped");

chapter("The audit trail, from usecase_audit");
const { audit, outbox } = usecaseTables();
const entries = await database.db.select().from(audit).where(eq(audit.tenantId, tenantId)).orderBy(asc(audit.at));
table(
  ["action", "outcome", "actor", "subject", "changes", "reason"],
  entries.map((entry) => [
    entry.action,
    refusalCode(entry.error) ?? entry.outcome,
    (entry.actor as { id: string }).id,
    entry.subjectType ?? "",
    String(((entry.changes ?? []) as readonly unknown[]).length),
    entry.reason ?? "",
  ]),
);

chapter("Delivered by the relay, from usecase_outbox");
const delivered: RelayMessage[] = [];
const relay = createRelay({
  driver: database.driver,
  core,
  useCases,
  deliver: async (message) => {
    if (message.tenantId === tenantId) delivered.push(message);
  },
});
await relay.drain();
table(
  ["kind", "type", "payload"],
  delivered.map(({ kind, type, payload }) => [kind, type, shorten(JSON.stringify(payload))]),
);
const waiting = await database.db.select().from(outbox).where(eq(outbox.tenantId, tenantId));
for (const message of waiting) line("waiting", `${message.kind} ${message.type}, not before ${message.notBefore}`);
await database.close();

function refusalCode(error: unknown): string | undefined {
  return (error as { code: string } | null)?.code;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
