import { defineHandler, type MoveInventoryOutcome } from "./move-inventory.gen.js";

export const moveInventoryHandler = defineHandler({
  checks: {
    /** The warehouse is closed from midnight to six, UTC. */
    withinMovingHours: ({ now }) => now.getUTCHours() >= 6,
  },

  apply({ command, state: { source, destination }, writes }): MoveInventoryOutcome {
    const sourceQuantity = source.quantity - command.quantity;
    const destinationQuantity = destination.quantity + command.quantity;

    writes.inventoryBalances.update(source, { quantity: sourceQuantity });
    writes.inventoryBalances.update(destination, { quantity: destinationQuantity });
    const movement = writes.inventoryMovements.insert({
      sku: command.sku,
      fromLocationId: command.fromLocationId,
      toLocationId: command.toLocationId,
      quantity: command.quantity,
      note: command.note,
    });

    return {
      result: { movementId: movement.id, sourceQuantity, destinationQuantity },
      events: { InventoryMoved: { movementId: movement.id } },
    };
  },
});
