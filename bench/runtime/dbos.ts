// A DBOS workflow with one transaction step over Drizzle. Its workflow id is the idempotency key, so the transaction does
// without a table of keys; audit and outbox are written as by hand.
import { createRequire } from "node:module";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { move } from "./by-hand.js";
import type { Contender } from "./contender.js";
import type { MoveCall } from "./workload.js";

// Its types are there only after the first run, which installs it.
interface Dbos {
  setConfig(config: object): void;
  launch(): Promise<void>;
  shutdown(): Promise<void>;
  registerWorkflow(work: (call: MoveCall) => Promise<unknown>, config: object): (call: MoveCall) => Promise<unknown>;
  withNextWorkflowID<Value>(id: string, work: () => Promise<Value>): Promise<Value>;
}
interface DataSource {
  readonly client: PgDatabase<PgQueryResultHKT>;
  registerTransaction(work: (call: MoveCall) => Promise<unknown>, config: object): (call: MoveCall) => Promise<unknown>;
}

export const dbos = {
  dbos: {
    name: "DBOS Transact, pg",
    async open(url, max) {
      const require = createRequire(import.meta.url);
      const { DBOS } = require("@dbos-inc/dbos-sdk") as { DBOS: Dbos };
      const { DrizzleDataSource } = require("@dbos-inc/drizzle-datasource") as {
        DrizzleDataSource: new (name: string, pool: object) => DataSource;
      };
      const source = new DrizzleDataSource("bench", { connectionString: url, max });
      const transaction = source.registerTransaction((call) => move(source.client, call), { name: "move" });
      const workflow = DBOS.registerWorkflow((call) => transaction(call), { name: "moveInventory" });
      DBOS.setConfig({ name: "bench", systemDatabaseUrl: url, systemDatabasePoolSize: max, logLevel: "error" });
      await DBOS.launch();
      return { run: (call) => DBOS.withNextWorkflowID(call.context.idempotencyKey, () => workflow(call)), close: () => DBOS.shutdown() };
    },
  },
} satisfies Record<string, Contender>;
