import { defineHandler, type PayOrderOutcome } from "./pay-order.gen.js";

export const payOrderHandler = defineHandler({
  apply({ command, state: { order }, writes, now }): PayOrderOutcome {
    const payment = writes.payments.insert({ orderId: order.id, amount: command.amount, cardToken: command.cardToken, paidAt: now });
    return { result: { paymentId: payment.id } };
  },
});
