import type { TestProject } from "vitest/node";
import { type PostgresServer, startPostgresServer } from "./postgres-server.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Of a real Postgres server's maintenance database, as superuser: `createTestDatabase()` makes databases in it. */
    databaseUrl: string;
  }
}

// Several projects of one run share one server. Each may load this module anew, so the process holds it.
interface SharedServer {
  readonly started: Promise<PostgresServer>;
  users: number;
}
const holder = globalThis as typeof globalThis & { usecaseTestServer?: SharedServer | undefined };

/** Called by vitest once per project that has this in its `globalSetup`; what it returns is called at the end. */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  holder.usecaseTestServer ??= { started: startPostgresServer(), users: 0 };
  const shared = holder.usecaseTestServer;
  shared.users++;
  const server = await shared.started;
  project.provide("databaseUrl", server.url);
  return async () => {
    if (--shared.users > 0) return;
    holder.usecaseTestServer = undefined;
    await server.stop();
  };
}
