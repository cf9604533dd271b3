import { decimal } from "usecasecore/expression";
import { type AddOrderLineOutcome, defineHandler } from "./add-order-line.gen.js";

export const addOrderLineHandler = defineHandler({
  prepare: {
    quote: ({ command, services, idempotencyKey, signal }) =>
      services.suppliers.quote(command.sku, command.quantity, idempotencyKey, signal),
  },

  /** Add a line to a draft order at the price that the supplier quotes. */
  apply({ command: { sku, quantity }, prepare: { quote }, state: { order }, writes }): AddOrderLineOutcome {
    const total = decimal(order.total).plus(decimal(quote.price).times(quantity)).toString();
    const line = writes.orderLines.insert({ orderId: order.id, sku, quantity, price: quote.price });
    writes.orders.update(order, { total });

    return { result: { lineId: line.id, total } };
  },
});
