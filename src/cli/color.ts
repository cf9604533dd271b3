import type { Io, OutputStream } from "./io.js";

/** Whether to colour what goes to a stream: the flag, then FORCE_COLOR, then NO_COLOR, then whether it is a terminal. */
export function wantsColor(stream: OutputStream, env: Io["env"], flag: boolean): boolean {
  if (!flag) return false;
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env;
  if (force !== undefined) return force !== "0" && force !== "false";
  if (no !== undefined && no !== "") return false;
  return stream.isTTY && term !== "dumb";
}
