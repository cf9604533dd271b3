// Ends runs with SIGKILL, at every step of writing and at random: the files are as before or as after. Before the
// process starts, a module is loaded into it that counts the calls of node:fs and node:fs/promises that write.
// Long form: KILLS=100 npm run kills
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { finishEarlierRun, isCutOff } from "./journal.js";
import { exclusively } from "./project-lock.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const kills = Number(process.env["KILLS"] ?? 6);
const seed = Number(process.env["SEED"] ?? Date.now() % 100_000);

const folder = mkdtempSync(join(tmpdir(), "usecase-kill-"));
// Inside the repository, so that the schema finds drizzle-orm.
const projects = join(repository, `.tmp/kill-${process.pid}`);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(projects, { recursive: true, force: true });
});

/**
 * `STEP`: the call before which the process ends (a file is then half-written), or from which the disk is full.
 * `DISK=other`: folders are on another file system than what is staged.
 */
const preload = `
import sync from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
const { writeFileSync, writeSync } = sync;
let count = 0;
const step = Number(process.env.STEP ?? -1);
const full = process.env.DISK === "full";
const needsRoom = new Set(["writeFile", "open", "mkdir", "copyFile"]);
function before(name, args) {
  if (name === "rename" && process.env.DISK === "other" && sync.statSync(args[0]).isDirectory())
    throw Object.assign(new Error("EXDEV: cross-device link not permitted"), { code: "EXDEV" });
  if (name === "open" && args[1] !== "w") return;
  const now = count++;
  if (full && step >= 0 && now >= step && needsRoom.has(name))
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  if (full || now !== step) return;
  if (name === "writeFile") writeFileSync(args[0], String(args[1]).slice(0, String(args[1]).length / 2), args[2]);
  process.kill(process.pid, "SIGKILL");
  for (;;);
}
for (const name of ["writeFile", "open", "mkdir", "copyFile", "rename", "rm", "rmdir", "chmod"]) {
  const [realPromise, realSync] = [promises[name], sync[name + "Sync"]];
  promises[name] = async (...args) => {
    before(name, args);
    return realPromise(...args);
  };
  sync[name + "Sync"] = (...args) => {
    before(name, args);
    return realSync(...args);
  };
}
syncBuiltinESMExports();
process.on("exit", () => writeSync(1, "\\nsteps: " + count + "\\n"));
`;

const preloadFile = join(folder, "preload.mjs");
beforeAll(() => writeFileSync(preloadFile, preload));

type Tree = Readonly<Record<string, string>>;

/** Every file and what is in it, but for what belongs to a run alone. */
function treeOf(root: string): Tree {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  const ours = files.filter((file) => !/^\.usecase\/(run|cache)/.test(file) && statSync(join(root, file)).isFile());
  return Object.fromEntries(ours.sort().map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

function restore(root: string, tree: Tree): void {
  mkdirSync(root, { recursive: true });
  for (const file of Object.keys(treeOf(root))) if (!(file in tree)) rmSync(join(root, file));
  rmSync(join(root, ".usecase/run"), { recursive: true, force: true });
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" }).sort().reverse())
    if (statSync(join(root, path)).isDirectory() && readdirSync(join(root, path)).length === 0) rmdirSync(join(root, path));
  for (const [file, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    if (!existsSync(join(root, file)) || readFileSync(join(root, file), "utf8") !== text) writeFileSync(join(root, file), text);
  }
}

describe("at every step", () => {
  const root = join(folder, "steps");
  const before: Tree = {
    ".usecase/manifest.json": "old manifest",
    "out/a.gen.ts": "old a",
    "out/b.gen.ts": "old b",
    "out/gone.gen.ts": "gone",
    "out/mine.handler.ts": "mine",
    "out/other.txt": "not touched",
  };
  const after: Tree = {
    ".usecase/manifest.json": "new manifest",
    "out/a.gen.ts": "new a",
    "out/b.gen.ts": "new b",
    "out/deep/er/new.gen.ts": "new",
    "out/mine.handler.ts": "mine and more",
    "out/other.txt": "not touched",
  };
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((file) => before[file] !== after[file]);
  const changes = changed
    .sort((a, b) => Number(a.startsWith(".")) - Number(b.startsWith(".")))
    .map((file) => ({
      target: join(root, file),
      before: before[file],
      after: after[file],
      ...(file.includes("handler") && { kind: "scaffold" }),
    }));
  const modules = pathToFileURL(join(repository, "dist/generate/files/")).href;
  const script = `
import { finishEarlierRun } from "${modules}journal.js";
import { exclusively } from "${modules}project-lock.js";
import { writeChanges } from "${modules}write.js";
await exclusively(${JSON.stringify(root)}, async () => {
  await finishEarlierRun(${JSON.stringify(root)}, ["out", ".usecase"]);
  await writeChanges(${JSON.stringify(root)}, ${JSON.stringify(changes)});
});`;
  const run = (env: Readonly<Record<string, string>>) => {
    const file = join(folder, "write.mjs");
    writeFileSync(file, script);
    return spawnSync(process.execPath, ["--import", pathToFileURL(preloadFile).href, file], {
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
  };
  let decided = 0;
  const settle = () => exclusively(root, async () => finishEarlierRun(root, ["out", ".usecase"]));

  test("killed, the files are as before or, once the next run has looked, as after", async () => {
    restore(root, before);
    const whole = run({});
    expect(whole.stderr).toBe("");
    expect(treeOf(root)).toEqual(after);
    const steps = Number(/steps: (\d+)/.exec(whole.stdout)?.[1]);
    expect(steps).toBeGreaterThan(20);

    const seen = { before: 0, after: 0, finished: 0 };
    for (let step = 0; step < steps; step++) {
      restore(root, before);
      expect(run({ STEP: `${step}` }).signal).toBe("SIGKILL");
      const cutOff = await isCutOff(root);
      if (cutOff) decided ||= step;
      if (!cutOff) expect([before, after]).toContainEqual(treeOf(root));
      await settle();
      const tree = treeOf(root);
      expect([before, after], `step ${step}`).toContainEqual(tree);
      expect(readdirSync(join(root, ".usecase")), `step ${step}`).toEqual(["manifest.json"]);
      seen[cutOff ? "finished" : tree["out/other.txt"] && tree["out/gone.gen.ts"] ? "before" : "after"]++;
    }
    // The process was really killed in each of the three phases.
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(0);
  }, 120_000);

  test("what somebody wrote after the kill is kept", async () => {
    restore(root, before);
    run({ STEP: `${decided}` });
    expect(await isCutOff(root)).toBe(true);
    writeFileSync(join(root, "out/mine.handler.ts"), "mine, newer");
    await settle();
    expect(treeOf(root)).toEqual({ ...after, "out/mine.handler.ts": "mine, newer" });
  });

  test("where folders cannot be moved, their files are", () => {
    restore(root, before);
    expect(run({ DISK: "other" }).stderr).toBe("");
    expect(treeOf(root)).toEqual(after);
  });

  test("a full disk changes nothing", () => {
    for (let step = 1; step < 14; step += 2) {
      restore(root, before);
      const { stderr, status } = run({ STEP: `${step}`, DISK: "full" });
      expect(treeOf(root), `step ${step}`).toEqual(before);
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("no space left on device") });
    }
  });
});

describe("usecase generate", () => {
  const root = join(projects, "project");
  const usecase = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    return spawn(process.execPath, ["--import", pathToFileURL(preloadFile).href, join(repository, "bin/usecase.js"), ...args], options);
  };
  const end = (child: ReturnType<typeof spawn>) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
      const [stdout, stderr]: [string[], string[]] = [[], []];
      child.stdout?.on("data", (chunk) => stdout.push(String(chunk)));
      child.stderr?.on("data", (chunk) => stderr.push(String(chunk)));
      child.on("close", (code) => resolve({ code, stdout: stdout.join(""), stderr: stderr.join("") }));
    });
  let before: Tree;
  let after: Tree;
  let steps: number;

  beforeAll(async () => {
    for (const part of ["specs", "usecase.config.yaml", "generated-example/src", "generated-example/drizzle", ".usecase/manifest.json"])
      cpSync(join(repository, part), join(root, part), { recursive: true });
    const spec = join(root, "specs/move-inventory.usecase.yaml");
    writeFileSync(
      spec,
      readFileSync(spec, "utf8")
        .replace("  - check: withinMovingHours", "  - { check: notOnSundays, error: OutsideMovingHours }\n  - check: withinMovingHours")
        .replace("  destinationQuantity: integer\n", "  destinationQuantity: integer\n  low: boolean\n"),
    );
    before = treeOf(root);
    // Without a cache, so that every run takes the same steps.
    const { code, stdout } = await end(usecase(["generate", "--no-cache"]));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("extended") });
    after = treeOf(root);
    expect(after).not.toEqual(before);
    steps = Number(/steps: (\d+)/.exec(stdout)?.[1]);
  }, 60_000);

  test(
    `killed ${kills} times (seed ${seed})`,
    async () => {
      let state = seed;
      const random = (below: number) => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return Math.floor((state / 2_147_483_648) * below);
      };
      const ends: string[] = [];
      for (let index = 0; index < kills; index++) {
        restore(root, before);
        const { code } = await end(usecase(["generate", "--no-cache"], { STEP: `${random(steps)}` }));
        expect(code).toBeNull();
        await exclusively(root, async () =>
          finishEarlierRun(root, ["generated-example/src/usecases", "generated-example/drizzle", ".usecase"]),
        );
        const tree = treeOf(root);
        expect([before, after]).toContainEqual(tree);
        ends.push(tree[".usecase/manifest.json"] === before[".usecase/manifest.json"] ? "before" : "after");
      }
      // What is left behind, the command itself finishes.
      restore(root, before);
      await end(usecase(["generate", "--no-cache"], { STEP: `${steps - 8}` }));
      expect(await end(usecase(["generate", "--quiet"]))).toMatchObject({ code: 0, stderr: "" });
      expect(treeOf(root)).toEqual(after);
      if (kills > 50) expect(new Set(ends)).toEqual(new Set(["before", "after"]));
    },
    kills * 30_000,
  );

  test("two at once", async () => {
    restore(root, before);
    const both = await Promise.all([end(usecase(["generate"])), end(usecase(["generate"]))]);
    expect(both).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(treeOf(root)).toEqual(after);
    expect(existsSync(join(root, ".usecase/run"))).toBe(false);
  });
});
