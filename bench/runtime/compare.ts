// MoveInventory through the runtime on each driver, beside the same guarantees made otherwise, and the relay beside job
// queues; on a server of their own. Rounds are short and interleaved, each contender has a process of its own, medians
// are printed. Read the ratios, not the absolute figures: client and server share the machine's cores.
//   npm run bench                                    everything
//   npm run bench -- --only actions --callers 8      actions | delay | fsync | pglite | relay
//   npm run bench -- --rounds 20 --seconds 0.5 --fsync on
// The others are installed into bench/runtime/node_modules when that is missing. Build first: `npm run build`.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startTcpProxy } from "../../src/drivers/conformance/tcp-proxy.js";
import { type ContenderId, contenders } from "./contenders.js";
import { openField } from "./field.js";
import { compareRelays } from "./relays.js";
import { type BenchServer, startBenchServer } from "./server.js";
import { type Comparison, printComparison } from "./table.js";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    contenders: { type: "string" },
    callers: { type: "string", default: "1,8,32" },
    rounds: { type: "string", default: "8" },
    seconds: { type: "string", default: "0.5" },
    "warm-up": { type: "string", default: "4000" },
    fsync: { type: "string", default: "off" },
    messages: { type: "string", default: "20000" },
  },
});
const rounds = Number(values.rounds);
const milliseconds = Number(values.seconds) * 1_000;
/** In actions of each contender: what is compiled by then is as much with a slow one as with a fast one. */
const warmUp = Number(values["warm-up"]);
const callers = values.callers.split(",").map(Number);
const wanted = (section: string) => values.only === undefined || values.only.split(",").includes(section);

const here = fileURLToPath(new URL(".", import.meta.url));
if (!existsSync(`${here}/node_modules/@dbos-inc/dbos-sdk`)) {
  console.log("Installing DBOS, graphile-worker and pg-boss into bench/runtime …");
  spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error"], { cwd: here, stdio: "inherit" });
}

const network: readonly ContenderId[] = [
  "pg",
  "pgInTurn",
  "js",
  "handPg",
  "handJs",
  "tunedPg",
  "tunedJs",
  "function",
  "dbos",
  "pgUnaudited",
];
const named = values.contenders?.split(",");
const chosen = (ids: readonly ContenderId[]) => ids.filter((id) => named === undefined || named.includes(id));
/** What must hold, at these numbers of callers. */
const targets: readonly Comparison[] = [
  { of: "pg", to: "handJs", target: { 1: 4, 8: 4, 32: 4 } },
  { of: "pg", to: "handPg", target: { 1: 3, 8: 3, 32: 3 } },
  { of: "js", to: "handJs", target: { 1: 3, 8: 3, 32: 3 } },
  { of: "pgInTurn", to: "handPg", target: {} },
  { of: "pg", to: "tunedPg", target: { 1: 0.85, 8: 0.85, 32: 0.85 } },
  { of: "js", to: "tunedJs", target: { 1: 0.7, 8: 0.7, 32: 0.7 } },
  { of: "pg", to: "function", target: { 8: 0.6, 32: 0.5 } },
  { of: "pg", to: "dbos", target: { 1: 1.5, 8: 1.5, 32: 1.5 } },
  { of: "pg", to: "pgUnaudited", by: "cpu", target: { 1: 0.9, 8: 0.9, 32: 0.9 } },
];

async function actions(
  server: BenchServer,
  url: string,
  ofCallers: readonly number[],
  title: string,
  ids = chosen(network),
): Promise<void> {
  const field = await openField(ids, url, Math.max(...ofCallers), warmUp, server.cpu);
  try {
    for (const count of ofCallers) {
      const measured = await field.measure(count, rounds, milliseconds);
      console.log(`\n${title}, ${count} ${count === 1 ? "caller" : "callers"}`);
      printComparison(contenders, measured, targets, count);
    }
  } finally {
    await field.close();
  }
}

console.log(`Node ${process.version}, ${rounds} rounds of ${values.seconds} s, medians; client and server on the same machine.`);
const server = await startBenchServer(values.fsync === "on");
try {
  if (wanted("actions")) await actions(server, server.url, callers, `fsync ${values.fsync}`);
  if (wanted("delay")) {
    const proxy = await startTcpProxy(server.url);
    proxy.delay(1);
    await actions(
      server,
      proxy.url,
      [1, 8],
      "1 ms more in each direction",
      chosen(["pg", "js", "handPg", "handJs", "tunedPg", "function"]),
    );
    await proxy.close();
  }
  if (wanted("pglite")) {
    const field = await openField(["pglite", "handPglite"], "", 1, warmUp, () => undefined);
    console.log("\nPGlite in memory, 1 caller");
    printComparison(contenders, await field.measure(1, rounds, milliseconds), [{ of: "pglite", to: "handPglite", target: { 1: 2.5 } }], 1);
    await field.close();
  }
  if (wanted("relay")) await compareRelays(server, Number(values.messages));
} finally {
  await server.stop();
}
if (wanted("fsync")) {
  const other = values.fsync !== "on";
  const waiting = await startBenchServer(other);
  const ids = chosen(["pg", "js", "handPg", "handJs", "function", "dbos"]);
  await actions(waiting, waiting.url, [8], `fsync ${other ? "on" : "off"}`, ids).finally(() => waiting.stop());
}
