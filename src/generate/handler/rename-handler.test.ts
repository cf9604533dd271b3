import { expect, test } from "vitest";
import { renameInHandler } from "./rename-handler.js";

const rename = (text: string) => renameInHandler(text, "MoveStock", "ShiftGoods");

test.each<[what: string, before: string, after: string]>([
  [
    "imports, types and the constant, and no text, comment or member",
    `import { defineHandler, type MoveStockOutcome } from './move-stock.gen.js'\r
import type { MoveStockInput as In } from "./move-stock.gen.js";
import * as gen from "./move-stock.gen";
// MoveStock: moveStockHandler
export const moveStockHandler = defineHandler({
  apply(input: In): MoveStockOutcome { log("MoveStock"); return input.MoveStockOutcome ?? gen.MoveStock },
});
export default { moveStockHandler };`,
    `import { defineHandler, type ShiftGoodsOutcome } from './shift-goods.gen.js'\r
import type { ShiftGoodsInput as In } from "./shift-goods.gen.js";
import * as gen from "./shift-goods.gen";
// MoveStock: moveStockHandler
export const shiftGoodsHandler = defineHandler({
  apply(input: In): ShiftGoodsOutcome { log("MoveStock"); return input.MoveStockOutcome ?? gen.ShiftGoods },
});
export default { moveStockHandler: shiftGoodsHandler };`,
  ],
  [
    "a test's imports; what is imported from elsewhere stays",
    `import { moveStockHandler as handler } from "./move-stock.handler.js";
import { MoveStockPage } from "../pages/move-stock.js";
import { validateMoveStock } from "./move-stock.validator.gen.js";
describe("MoveStock", () => validateMoveStock(handler, MoveStockPage));`,
    `import { shiftGoodsHandler as handler } from "./shift-goods.handler.js";
import { MoveStockPage } from "../pages/move-stock.js";
import { validateShiftGoods } from "./shift-goods.validator.gen.js";
describe("MoveStock", () => validateShiftGoods(handler, MoveStockPage));`,
  ],
  [
    "a name that is taken already",
    `import { type MoveStockOutcome } from "./move-stock.gen.js";
interface ShiftGoodsOutcome {}
export type Both = MoveStockOutcome | ShiftGoodsOutcome;`,
    `import { type ShiftGoodsOutcome as MoveStockOutcome } from "./shift-goods.gen.js";
interface ShiftGoodsOutcome {}
export type Both = MoveStockOutcome | ShiftGoodsOutcome;`,
  ],
])("%s", (_, before, after) => expect(rename(before)).toBe(after));
