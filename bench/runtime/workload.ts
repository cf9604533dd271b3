// One kind of call for every contender: a move of one piece between two of ten locations of one of a thousand SKUs.
import { createHash, randomUUID } from "node:crypto";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { inventoryBalances } from "../../generated-example/src/db/schema.js";

const skus = 1_000;
const locations = 10;
const tenantId = "t-1";

const locationId = (n: number): string => {
  const hex = createHash("md5").update(`location ${n}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};
const places = Array.from({ length: locations }, (_, n) => locationId(n));
const below = (limit: number) => Math.floor(Math.random() * limit);

export type MoveCall = ReturnType<typeof randomMove>;

export function randomMove() {
  const from = below(locations);
  const to = (from + 1 + below(locations - 1)) % locations;
  return {
    command: { sku: `SKU-${below(skus)}`, fromLocationId: places[from] ?? "", toLocationId: places[to] ?? "", quantity: 1 },
    context: { actor: { type: "user", id: "u-1", tenantId, roles: ["clerk"] }, idempotencyKey: randomUUID(), reason: "bench" },
  };
}

export async function seedBalances(db: PgDatabase<PgQueryResultHKT>): Promise<void> {
  for (let sku = 0; sku < skus; sku++) {
    await db
      .insert(inventoryBalances)
      .values(places.map((place) => ({ id: randomUUID(), tenantId, sku: `SKU-${sku}`, locationId: place, quantity: 1_000_000 })));
  }
}
