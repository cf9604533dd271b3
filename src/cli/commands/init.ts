import type { CliCommand } from "../command.js";
import type { InitFlags } from "../init/init.js";

/** `usecase init` */
export const initCommand: CliCommand = {
  name: "init",
  summary: "put configuration, a first spec, scripts, a CI step and editor settings into an existing project",
  examples: [
    ["usecase init", "finds the Drizzle schema, shows what it would write, and asks"],
    ["usecase init --yes --schema src/db/schema.ts", "asks nothing; --dry-run shows each change as a diff"],
  ],
  declare(command) {
    command
      .option("--schema <path>", "the Drizzle schema's module or folder (default: by drizzle.config.*, or the usual places)")
      .option("--dry-run", "write nothing; show what would be written")
      .option("--yes", "ask nothing");
  },
  async run(io, _args, flags: InitFlags) {
    const { init } = await import("../init/init.js");
    return init(io, flags);
  },
};
