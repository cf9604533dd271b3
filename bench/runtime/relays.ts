// How fast messages that are there already are handed to somebody who does nothing with them.
import { createRequire } from "node:module";
import pg from "pg";
import { createRelay } from "usecasecore";
import { nodePostgres } from "usecasecore/drivers/node-postgres";
import type { BenchServer } from "./server.js";
import { median } from "./table.js";

// Their types are there only after the first run, which installs them.
interface Graphile {
  runMigrations(options: object): Promise<void>;
  run(options: object): Promise<{ stop(): Promise<void> }>;
}
interface Boss {
  start(): Promise<unknown>;
  createQueue(name: string): Promise<unknown>;
  insert(jobs: readonly object[]): Promise<unknown>;
  work(name: string, options: object, handler: (jobs: readonly unknown[]) => Promise<void>): Promise<unknown>;
  stop(options?: object): Promise<unknown>;
}

const require = createRequire(import.meta.url);
const repetitions = 3;

export async function compareRelays(server: BenchServer, messages: number): Promise<void> {
  const contenders: Record<string, (server: BenchServer, messages: number) => Promise<number>> = {
    usecasecore: (of, count) => relayed(of, count, count / 4),
    "usecasecore, one hot key": (of, count) => relayed(of, count, 1),
    "graphile-worker": graphile,
    "pg-boss": boss,
  };
  const rates = new Map<string, number[]>();
  for (let round = 0; round < repetitions; round++) {
    for (const [name, rate] of Object.entries(contenders)) rates.set(name, [...(rates.get(name) ?? []), await rate(server, messages)]);
  }
  console.log(`\nRelay: ${messages.toLocaleString("en")} messages to a null destination, per second`);
  for (const [name, all] of rates) {
    const target = name.startsWith("usecasecore") ? `  (target 20,000: ${median(all) >= 20_000 ? "met" : "missed"})` : "";
    console.log(`  ${name.padEnd(36)}${median(all).toFixed(0).padStart(9)}${target}`);
  }
}

/** Resolves, when all have come, to how many that was per second. */
function counting(messages: number) {
  const start = performance.now();
  let left = messages;
  let finish: (rate: number) => void = () => {};
  const rate = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const took = (count = 1) => {
    left -= count;
    if (left <= 0) finish((messages / (performance.now() - start)) * 1_000);
  };
  return { took, rate };
}

async function relayed({ url, admin }: BenchServer, messages: number, keys: number): Promise<number> {
  await admin`truncate usecase_outbox`;
  await admin`
    insert into usecase_outbox (id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id)
    select gen_random_uuid(), 'event', 'InventoryBalance', k, abs(hashtext(k)) % 64, 'InventoryMoved', 1,
      '{"movementId": "01a21762-3602-7103-8d3a-225469c8c927", "sku": "SKU-718", "quantity": 1}', '{"tenant": "t-1"}', 't-1'
    from (select (n % ${Math.ceil(keys)}::integer)::text as k from generate_series(1, ${messages}::integer) n) numbered`;
  await admin`vacuum analyze usecase_outbox`;
  const pool = new pg.Pool({ connectionString: url, max: 2, pipeline: true } as pg.PoolConfig);
  const { took, rate } = counting(messages);
  const relay = createRelay({ driver: nodePostgres(pool), deliver: async () => took(), batchSize: 1_000 });
  relay.start();
  const result = await rate;
  await relay.drain();
  await relay.stop();
  await pool.end();
  return result;
}

async function graphile({ url, admin }: BenchServer, messages: number): Promise<number> {
  const { run, runMigrations } = require("graphile-worker") as Graphile;
  await runMigrations({ connectionString: url });
  await admin`
    select count(*) from graphile_worker.add_jobs(
      (select array_agg(json_populate_record(null::graphile_worker.job_spec, '{"identifier": "nothing", "payload": {"sku": "SKU-718", "quantity": 1}}'))
       from generate_series(1, ${messages}::integer)))`;
  const { took, rate } = counting(messages);
  const taskList = { nothing: async () => took() };
  const silent = { error() {}, warn() {}, info() {}, debug() {} };
  const { Logger } = require("graphile-worker") as unknown as { Logger: new (factory: () => () => void) => object };
  const runner = await run({
    connectionString: url,
    concurrency: 24,
    maxPoolSize: 12,
    noHandleSignals: true,
    taskList,
    logger: new Logger(() => () => silent),
  });
  const result = await rate;
  await runner.stop();
  return result;
}

async function boss({ url }: BenchServer, messages: number): Promise<number> {
  const PgBoss = require("pg-boss") as new (options: object) => Boss;
  const queue = new PgBoss({ connectionString: url, supervise: false, schedule: false });
  await queue.start();
  await queue.createQueue("nothing");
  for (let sent = 0; sent < messages; sent += 5_000) {
    const count = Math.min(5_000, messages - sent);
    await queue.insert(Array.from({ length: count }, () => ({ name: "nothing", data: { sku: "SKU-718", quantity: 1 } })));
  }
  const { took, rate } = counting(messages);
  // Half a second is the shortest pause that it allows; four workers of large batches get most out of it.
  const options = { batchSize: 2_500, pollingIntervalSeconds: 0.5 };
  for (let worker = 0; worker < 4; worker++) await queue.work("nothing", options, async (jobs) => took(jobs.length));
  const result = await rate;
  await queue.stop({ graceful: true, wait: true });
  return result;
}
