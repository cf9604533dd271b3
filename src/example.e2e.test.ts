import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import "./testing/server/global-setup.js";

const cwd = fileURLToPath(new URL("../generated-example", import.meta.url));

/** What must stand in the story, in this order. */
const story = [
  /Move 30 from shelf A to shelf B\n\s+done\s+now 70 and 30/,
  /The same key again: nothing is doubled\n\s+replayed\s+now 70 and 30\n\s+stock\s+shelf A 70, shelf B 30/,
  /The same key with another command\n\s+refused\s+IdempotencyMismatch/,
  /More than there is\n\s+refused\s+InsufficientStock \(conflict\).*\{"available":70,"requested":500\}/,
  /done\s+order 2026-001 over 99\.50\n\s+refused\s+TooDear.*\{"price":"9\.50"\}\n\s+done\s+one more at 9\.50, now 109\.00/,
  /done\s+3 lines reserved\n\s+done\s+paid at .*\n\s+done\s+shipped from 2 places\n\s+done\s+read back: shipped, 109\.00/,
  /stock\s+shelf A 64, shelf B 30/,
  /Ship it again.*\n\s+refused\s+InvalidTransition/,
  /The audit trail[\s\S]+inventory\.moved\s+committed\s+carla[\s\S]+inventory\.moved\s+InsufficientStock[\s\S]+order\.shipped\s+InvalidTransition/,
  /Delivered by the relay[\s\S]+event\s+InventoryMoved[\s\S]+event\s+OrderShipped/,
  /waiting\s+job ReplenishLocation.*\n\s+waiting\s+job ExpireReservation/,
];

test.each([
  ["PGlite", () => undefined],
  ["a server", () => inject("databaseUrl")],
])("the example tells its story on %s", { timeout: 60_000 }, async (_, url) => {
  const { DATABASE_URL: _unused, ...env } = process.env;
  const databaseUrl = url();
  const { stdout } = await promisify(execFile)("npm", ["run", "--silent", "start"], {
    cwd,
    env: { ...env, NO_COLOR: "1", ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) },
  });
  let rest = stdout;
  for (const part of story) {
    const found = part.exec(rest);
    expect(found, `${part} in\n${stdout}`).not.toBeNull();
    rest = rest.slice((found?.index ?? 0) + 1);
  }
});
