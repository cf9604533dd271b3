import { ToolError } from "../spec/tool-error.js";

/** A snapshot of drizzle-kit: the parts that we read; the rest is passed on as it is. */
export interface Snapshot {
  readonly id: string;
  readonly prevId: string;
  readonly [part: string]: unknown;
}

/** What the first snapshot of all says that it follows. */
export const noSnapshot = "00000000-0000-0000-0000-000000000000";

/** drizzle-kit as a library. Loading it takes a third of a second, so only when there is something to do. */
export async function drizzleKit() {
  try {
    return await import("drizzle-kit/api");
  } catch (cause) {
    throw new ToolError("config/missing", "drizzle-kit cannot be loaded: it brings the tables of usecasecore up to date.", {
      help: "npm install --save-dev drizzle-kit",
      cause,
    });
  }
}
