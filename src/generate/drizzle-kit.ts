import { ToolError } from "../spec/tool-error.js";

/** drizzle-kit as a library. Loading it takes a third of a second, so only when there is something to do. */
export async function drizzleKit() {
  try {
    return await import("drizzle-kit/api");
  } catch (cause) {
    throw new ToolError("config/missing", "drizzle-kit cannot be loaded: it makes the migration of usecasecore's tables.", {
      help: "npm install --save-dev drizzle-kit",
      cause,
    });
  }
}
