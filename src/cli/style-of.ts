import { createStyle, type Style } from "../lint/reporters/style.js";
import { wantsColor } from "./color.js";
import type { CommonOptions } from "./command.js";
import type { Io } from "./io.js";

/** How standard output is painted. */
export function styleOf(io: Io, flags: CommonOptions): Style {
  return createStyle(wantsColor(io.stdout, io.env, flags.color));
}
