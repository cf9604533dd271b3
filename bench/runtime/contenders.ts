import type { Contender } from "./contender.js";
import { dbos } from "./dbos.js";
import { drizzleByHand } from "./drizzle-by-hand.js";
import { oneFunction } from "./one-function.js";
import { ours } from "./ours.js";
import { tunedByHand } from "./tuned-by-hand.js";

const all = { ...ours, ...drizzleByHand, ...tunedByHand, ...oneFunction, ...dbos };

export type ContenderId = keyof typeof all;
export const contenders: Readonly<Record<ContenderId, Contender>> = all;
