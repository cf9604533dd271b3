// Throughput of MoveInventory: ours on each network driver beside the same action by hand with Drizzle on the same client.
// Rounds are interleaved and the median of each contender's is taken; read the ratios, not the absolute figures.
//   npm run bench                       3 rounds of 2 s at 1, 8 and 32 callers
//   npm run bench -- --rounds 5 --seconds 4
import { parseArgs } from "node:util";
import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import { drizzle as drizzleJs } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import pg from "pg";
import postgres from "postgres";
import { createUseCaseCore, type Driver } from "usecasecore";
import { nodePostgres } from "usecasecore/drivers/node-postgres";
import { postgresJs } from "usecasecore/drivers/postgres-js";
import { moveInventory } from "../generated-example/src/usecases/index.gen.js";
import { startPostgresServer } from "../src/testing/server/postgres-server.js";
import { moveByHand } from "./by-hand.js";
import { type MoveCall, randomMove, seedBalances } from "./workload.js";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "3" }, seconds: { type: "string", default: "2" } } });
const rounds = Number(values.rounds);
const milliseconds = Number(values.seconds) * 1_000;

interface Contender {
  readonly name: string;
  /** Opens it for this many callers. */
  open(url: string, callers: number): { run(call: MoveCall): Promise<unknown>; close(): Promise<unknown> };
}

const ours = (name: string, connect: (url: string, max: number) => { driver: Driver; close(): Promise<unknown> }): Contender => ({
  name,
  open(url, callers) {
    const { driver, close } = connect(url, callers);
    // Noon, since stock is not moved at night.
    const noon = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
    const core = createUseCaseCore({ driver, clock: () => noon, authorizer: { authorize: () => true } });
    return { run: ({ command, context }) => core.execute(moveInventory, command, context), close };
  },
});

const contenders = {
  handPg: {
    name: "Drizzle over pg, by hand",
    open(url: string, max: number) {
      const pool = new pg.Pool({ connectionString: url, max });
      const db = drizzlePg(pool);
      return { run: (call: MoveCall) => moveByHand(db, call), close: () => pool.end() };
    },
  },
  handJs: {
    name: "Drizzle over postgres.js, by hand",
    open(url: string, max: number) {
      const client = postgres(url, { max, onnotice: () => {} });
      const db = drizzleJs(client);
      return { run: (call: MoveCall) => moveByHand(db, call), close: () => client.end() };
    },
  },
  pg: ours("usecasecore on pg (pipeline)", (url, max) => {
    const pool = new pg.Pool({ connectionString: url, max, pipeline: true } as pg.PoolConfig);
    const driver = nodePostgres(pool);
    return {
      driver,
      close: async () => {
        await driver.close();
        await pool.end();
      },
    };
  }),
  js: ours("usecasecore on postgres.js", (url, max) => {
    const driver = postgresJs(postgres(url, { max }));
    return { driver, close: () => driver.close() };
  }),
} satisfies Record<string, Contender>;

type Name = keyof typeof contenders;
const names = Object.keys(contenders) as Name[];
const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

interface Measured {
  /** Per second. */
  readonly actions: number;
  /** Of this process, the client, in milliseconds per action. */
  readonly cpu: number;
}

async function throughput(contender: Contender, url: string, callers: number): Promise<Measured> {
  const { run, close } = contender.open(url, callers);
  const drive = async (until: number): Promise<number> => {
    let done = 0;
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (performance.now() < until) {
          await run(randomMove());
          done++;
        }
      }),
    );
    return done;
  };
  await drive(performance.now() + 500);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const done = await drive(start + milliseconds);
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  await close();
  return { actions: done / seconds, cpu: (user + system) / 1_000 / done };
}

const server = await startPostgresServer();
const admin = postgres(server.url, { onnotice: () => {} });
const db = drizzleJs(admin);
await migrate(db, { migrationsFolder: new URL("../generated-example/drizzle", import.meta.url).pathname });
await seedBalances(db);
await admin.unsafe("analyze");
try {
  for (const callers of [1, 8, 32]) {
    const rates = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<Name, Measured[]>;
    for (let round = 0; round < rounds; round++) {
      for (const name of names) rates[name].push(await throughput(contenders[name], server.url, callers));
    }
    console.log(`\n${callers} ${callers === 1 ? "caller" : "callers"}`);
    for (const name of names) {
      const actions = median(rates[name].map((each) => each.actions)).toFixed(0);
      const cpu = median(rates[name].map((each) => each.cpu)).toFixed(2);
      console.log(`  ${contenders[name].name.padEnd(36)} ${actions.padStart(6)} actions/s, ${cpu.padStart(5)} ms of the client's CPU each`);
    }
    for (const [mine, theirs] of [
      ["pg", "handPg"],
      ["pg", "handJs"],
      ["js", "handJs"],
    ] as const) {
      const ratio = median(rates[mine].map(({ actions }, round) => actions / (rates[theirs][round]?.actions ?? Number.NaN)));
      console.log(`  ${contenders[mine].name} / ${contenders[theirs].name}: ${ratio.toFixed(2)} ×`);
    }
  }
} finally {
  await admin.end();
  await server.stop();
}
