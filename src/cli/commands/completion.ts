import { type CliCommand, declareCommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";

/** `usecase completion`; `commands`: those that are completed. */
export const completionCommand = (commands: () => readonly CliCommand[]): CliCommand => ({
  name: "completion",
  summary: "print a script that completes this command in a shell",
  examples: [
    ['eval "$(usecase completion bash)"', "in ~/.bashrc: commands, options and their values on the tab key"],
    ["usecase completion fish > ~/.config/fish/completions/usecase.fish", "the same for fish"],
  ],
  declare(command) {
    command.argument("<shell>", "bash, zsh or fish");
  },
  async run(io, [shell]) {
    const [{ completionScripts }, { completionWords }, { nearest }, { ToolError }] = await Promise.all([
      import("../completion/scripts.js"),
      import("../completion/words.js"),
      import("../../spec/suggest.js"),
      import("../../spec/tool-error.js"),
    ]);
    const names = Object.keys(completionScripts);
    const script = names.includes(String(shell)) ? completionScripts[String(shell)] : undefined;
    if (script === undefined) {
      const [best] = nearest(String(shell), names);
      throw new ToolError("usage", `There is no completion for "${shell}".`, {
        help: best === undefined ? `The shells are ${names.join(", ")}.` : `Did you mean ${best}?`,
      });
    }
    io.stdout.write(script(await completionWords(commands(), declareCommonOptions)));
    return exitCodes.fine;
  },
});
