import { ToolError } from "../spec/tool-error.js";
import type { Choice, Prompts } from "./prompts.js";

/** Asks on the process's own terminal: on standard error, because standard output is for results. */
export function terminalPrompts(): Prompts {
  const output = process.stderr;
  const clack = () => import("@clack/prompts");
  const answered = async <Asked>(asked: Promise<Asked>): Promise<Exclude<Asked, symbol>> => {
    const answer = await asked;
    if (typeof answer === "symbol") throw new ToolError("usage", "Cancelled: nothing was written.");
    return answer as Exclude<Asked, symbol>;
  };
  const options = (choices: readonly Choice[]) => choices.map((choice) => ({ ...choice }));
  return {
    async text({ message, placeholder, validate }) {
      const { text } = await clack();
      const given = { message, output, ...(placeholder !== undefined && { placeholder }) };
      const answer = await answered(text({ ...given, ...(validate !== undefined && { validate: (value) => validate(value ?? "") }) }));
      return (answer ?? "").trim();
    },
    async select({ message, options: choices }) {
      const { select } = await clack();
      return answered(select({ message, output, options: options(choices), maxItems: 12 }));
    },
    async multiselect({ message, options: choices }) {
      const { multiselect } = await clack();
      return answered(multiselect({ message, output, options: options(choices), required: false, maxItems: 12 }));
    },
    async confirm({ message }) {
      const { confirm } = await clack();
      return answered(confirm({ message, output }));
    },
  };
}
