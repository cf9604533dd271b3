import type { Database } from "./open-database.js";
import { inventoryBalances, products } from "./schema.js";

export const shelfA = "00000000-0000-4000-8000-00000000000a";
export const shelfB = "00000000-0000-4000-8000-00000000000b";

/** Two products; 100 widgets and 20 gadgets on shelf A, nothing on shelf B. */
export async function seed({ db }: Database, tenantId: string): Promise<void> {
  await db
    .insert(products)
    .values([
      { sku: "WIDGET-1", name: "Widget", price: "9.90" },
      { sku: "GADGET-1", name: "Gadget", price: "25.00" },
    ])
    .onConflictDoNothing();
  const balance = (sku: string, locationId: string, quantity: number) => ({
    id: crypto.randomUUID(),
    tenantId,
    sku,
    locationId,
    quantity,
    reorderPoint: 75,
  });
  await db
    .insert(inventoryBalances)
    .values([
      balance("WIDGET-1", shelfA, 100),
      balance("WIDGET-1", shelfB, 0),
      balance("GADGET-1", shelfA, 20),
      balance("GADGET-1", shelfB, 0),
    ]);
}
