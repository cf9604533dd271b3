import { releaseStock } from "../../release-stock.js";
import { defineHandler, type ExpireReservationOutcome } from "./expire-reservation.gen.js";

export const expireReservationHandler = defineHandler({
  /** Cancel an order that nobody has paid in time and give its reserved stock back. */
  apply({ state: { reserved, balances }, writes }): ExpireReservationOutcome {
    releaseStock(writes, reserved, balances);
    return { result: { released: reserved.length } };
  },
});
