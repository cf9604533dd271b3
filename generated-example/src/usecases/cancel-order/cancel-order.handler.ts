import { releaseStock } from "../../release-stock.js";
import { type CancelOrderOutcome, defineHandler } from "./cancel-order.gen.js";

export const cancelOrderHandler = defineHandler({
  apply({ state: { reserved, balances }, writes }): CancelOrderOutcome {
    releaseStock(writes, reserved, balances);
    return { result: { released: reserved.length } };
  },
});
