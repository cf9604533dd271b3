import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder, postgresBinaries, type ServerUser, serverUser } from "./postgres-binaries.js";

export interface PostgresServer {
  /** Of its database `postgres`, as superuser. */
  readonly url: string;
  /** Ends it, `fast` in an orderly way or `immediate` as a crash does, and starts it again on the same port. */
  restart(how: "fast" | "immediate"): Promise<void>;
  stop(): Promise<void>;
}

const prefix = "usecase-postgres-";

/** A server whose data may be lost at any time, which makes it fast. */
const settings = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  timezone: "UTC",
};

/** Starts a Postgres of its own from npm in a temporary folder: no network, no container, no installed Postgres. */
export async function startPostgresServer(more: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  await removeStaleFolders();
  const user = await serverUser();
  // The name says which process it belongs to, so that a later one knows when nobody needs it any more.
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const data = join(directory, "data");
  const removeFolder = () => rm(directory, { recursive: true, force: true, maxRetries: 5 });
  try {
    await makeFolder(directory, user);
    await makeFolder(data, user);
    const binaries = await postgresBinaries(directory, user);
    const password = randomBytes(12).toString("hex");
    const passwordFile = join(directory, "password");
    await writeFile(passwordFile, password);
    const locale = ["--encoding=UTF8", "--locale=C"];
    const access = ["--username=postgres", `--pwfile=${passwordFile}`, "--auth=password"];
    await run(join(binaries, "initdb"), [`--pgdata=${data}`, "--no-sync", "--no-instructions", ...locale, ...access], user);
    const launch = (port: number) => start(join(binaries, "postgres"), data, port, { ...settings, ...more }, user);
    const started = await onFreePort(launch);
    const { port } = started;
    let { child } = started;
    const kill = () => child.kill("SIGQUIT");
    process.once("exit", kill);
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      async restart(how) {
        await ended(child, () => child.kill(how === "fast" ? "SIGINT" : "SIGQUIT"));
        child = await launch(port);
      },
      async stop() {
        process.off("exit", kill);
        await ended(child, kill);
        await removeFolder();
      },
    };
  } catch (failure) {
    await removeFolder();
    throw failure;
  }
}

/** Of processes that were killed. A Postgres that still runs there stops by itself, at the latest a minute after its folder is gone. */
async function removeStaleFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    // EPERM: alive, and another user's.
    return (failure as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Somebody may take the port between our look and Postgres' start: then try the next one. */
async function onFreePort(launch: (port: number) => Promise<ChildProcess>): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { child: await launch(port), port };
    } catch (failure) {
      if (attempt === 3) throw failure;
    }
  }
}

async function start(
  postgres: string,
  data: string,
  port: number,
  parameters: Readonly<Record<string, string>>,
  user: ServerUser,
): Promise<ChildProcess> {
  const flags = Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(postgres, ["-D", data, "-p", String(port), ...flags], { ...user, stdio: ["ignore", "ignore", "pipe"] });
  await ready(child);
  return child;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4000);
      if (log.includes("ready to accept connections")) resolve();
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`Postgres ended with ${code}: ${log}`)));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

function run(program: string, args: readonly string[], user: ServerUser): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...user, stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${log}`))));
  });
}

function ended(child: ChildProcess, kill: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    kill();
  });
}
