import { decimal } from "usecasecore/expression";
import { type CreateOrderOutcome, defineHandler } from "./create-order.gen.js";

export const createOrderHandler = defineHandler({
  apply({ command, state: { catalogue }, writes, now, newId, reject }): CreateOrderOutcome {
    const lines = command.lines.map((line) => ({ ...line, price: (catalogue.get(line.sku) ?? reject("UnknownProduct")).price }));
    const total = lines.reduce((sum, line) => sum.plus(decimal(line.price).times(line.quantity)), decimal("0.00")).toString();

    const orderId = newId();
    writes.orders.insert({ id: orderId, orderNumber: command.orderNumber, customerId: command.customerId, total, placedAt: now });
    for (const line of lines) {
      writes.orderLines.insert({ orderId, ...line });
      writes.products.increment({ sku: line.sku }, { timesOrdered: 1 });
    }

    return { result: { orderId, total } };
  },
});
