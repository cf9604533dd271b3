import type { CliCommand } from "../command.js";
import { repeatable } from "../repeatable.js";
import type { ScaffoldCommandFlags } from "../scaffold/scaffold-request.js";

/** `usecase scaffold` */
export const scaffoldCommand: CliCommand = {
  name: "scaffold",
  summary: "write a new spec with its handler and test, from questions or from flags",
  examples: [
    ["usecase scaffold ArchiveOrder --table orders", "an action on a row of orders, which it locks and may update"],
    ["usecase scaffold ShipOrder --transition Order:ship --event OrderShipped --dry-run", "shows what it would write"],
  ],
  declare(command) {
    command
      .argument("[name]", "the use case, verb first: ShipOrder; asked for on a terminal")
      .option("--table <table[:columns]>", "the table whose row it is about and may change: orders, or orders:shippedAt,total")
      .option("--load <name:table[:lock]>", "a row to load, repeatable; lock: none, share, no-key-update, update", repeatable)
      .option("--transition <machine:event>", "an event that the row takes, repeatable", repeatable)
      .option("--event <name>", "an event that it sends, repeatable", repeatable)
      .option("--job <name>", "a job that it starts, repeatable", repeatable)
      .option("--from <use case>", "a copy of another use case's spec under the new name")
      .option("--dry-run", "show what would be written")
      .option("--diff", "show what is written as a diff")
      .option("--yes", "ask nothing");
  },
  async run(io, [name], flags: ScaffoldCommandFlags) {
    const { scaffold } = await import("../scaffold/scaffold.js");
    return scaffold(io, name as string | undefined, flags);
  },
};
