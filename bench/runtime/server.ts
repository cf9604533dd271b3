import { readdirSync, readFileSync } from "node:fs";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres, { type Sql } from "postgres";
import { startPostgresServer } from "../../src/testing/server/postgres-server.js";
import { seedBalances } from "./workload.js";

export interface BenchServer {
  readonly url: string;
  readonly admin: Sql;
  /** What the server's processes have used so far, in milliseconds; undefined where the system does not say. */
  cpu(): number | undefined;
  stop(): Promise<void>;
}

/** As a production server is set up, but for what `fsync` says: everything is written either way, and waited for or not. */
const settings = {
  shared_buffers: "512MB",
  max_wal_size: "4GB",
  max_connections: "600",
  autovacuum: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
};

/** Keys of earlier actions: an index over nothing is no index. */
const history = 50_000;

/** A server with the example's tables, their stock, and some history. */
export async function startBenchServer(fsync: boolean): Promise<BenchServer> {
  const server = await startPostgresServer({ ...settings, fsync: fsync ? "on" : "off" });
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  const db = drizzle(admin);
  await migrate(db, { migrationsFolder: new URL("../../generated-example/drizzle", import.meta.url).pathname });
  await seedBalances(db);
  await admin`
    insert into usecase_idempotency (tenant_id, scope, use_case, key, fingerprint, expires_at)
    select 't-1', '', 'MoveInventory', gen_random_uuid(), '', now() + interval '1 day' from generate_series(1, ${history}::integer)`;
  await admin`
    insert into inventory_movements (id, tenant_id, sku, from_location_id, to_location_id, quantity)
    select gen_random_uuid(), 't-1', 'SKU-' || n % 1000, gen_random_uuid(), gen_random_uuid(), 1 from generate_series(1, ${history}::integer) n`;
  await admin`vacuum analyze`;
  return {
    url: server.url,
    admin,
    cpu: cpuOf(await postmaster(admin)),
    async stop() {
      await admin.end();
      await server.stop();
    },
  };
}

async function postmaster(admin: Sql): Promise<string | undefined> {
  const [row] = await admin`select pg_backend_pid() as pid`;
  return statOf(String(row?.["pid"]))?.parent;
}

function cpuOf(parent: string | undefined): () => number | undefined {
  if (parent === undefined) return () => undefined;
  return () => {
    const processes = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (statOf(name) ?? []) : []));
    return processes.reduce((sum, { parent: of, ticks }) => (of === parent ? sum + ticks * 10 : sum), 0);
  };
}

/** Linux only. The name of the program, in brackets, may hold anything. */
function statOf(pid: string): { readonly parent: string; readonly ticks: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { parent: fields[1] ?? "", ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined;
  }
}
