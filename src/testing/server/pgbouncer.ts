import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverUser } from "./postgres-binaries.js";
import { freePort } from "./postgres-server.js";

/** Of the PgBouncer that is installed, such as `[1, 18]`; undefined where there is none. */
export function pgbouncerVersion(): readonly [number, number] | undefined {
  const { stdout } = spawnSync("pgbouncer", ["--version"], { encoding: "utf8" });
  const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor)];
}

export interface Pooler {
  /** The database by way of the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A PgBouncer that lends few connections of the server for a transaction at a time. */
export async function startPgbouncer(target: string, settings: Readonly<Record<string, string | number>>): Promise<Pooler> {
  const { hostname, port, username, password, pathname } = new URL(target);
  const directory = await mkdtemp(join(tmpdir(), "usecase-pgbouncer-"));
  const own = await freePort();
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: own,
    unix_socket_dir: "",
    auth_type: "any",
    pool_mode: "transaction",
    ignore_startup_parameters: "extra_float_digits",
    ...settings,
  };
  const file = join(directory, "pgbouncer.ini");
  const databases = `* = host=${hostname} port=${port} user=${username} password=${password}`;
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  await writeFile(file, ["[databases]", databases, "[pgbouncer]", ...lines, ""].join("\n"));
  const user = await serverUser();
  if (user.uid !== undefined && user.gid !== undefined) for (const path of [directory, file]) await chown(path, user.uid, user.gid);
  const child = spawn("pgbouncer", ["--quiet", file], { ...user, stdio: "ignore" });
  await listening(child, own);
  return {
    url: `postgres://any@127.0.0.1:${own}${pathname}`,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      await rm(directory, { recursive: true });
    },
  };
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    const there = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (there) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`PgBouncer ended with ${child.exitCode}.`);
}
