import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const copy = join(root, `.tmp/watch-${process.pid}`);
const spec = join(copy, "specs/move-inventory.usecase.yaml");
const config = join(copy, "usecase.config.yaml");

beforeAll(() => {
  for (const part of ["specs", "usecase.config.yaml", "generated-example/src/db", "generated-example/drizzle"])
    cpSync(join(root, part), join(copy, part), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** As many editors save: a new file in the old one's place. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}~`, text);
  renameSync(`${file}~`, file);
}

/** What a process has written so far, and a way to wait for more. */
function listen(child: ChildProcess) {
  let text = "";
  let woken = () => {};
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      woken();
    });
  return {
    /** Resolves once the process waits again; gives what it has said since the last time. */
    async answer(): Promise<string> {
      for (;;) {
        const end = text.indexOf("Waiting for changes.");
        if (end !== -1) {
          const said = text.slice(0, end);
          text = text.slice(text.indexOf("\n", end) + 1);
          return said;
        }
        await new Promise<void>((wake) => {
          woken = wake;
        });
      }
    },
  };
}

test("lint --watch answers every change, goes on after a broken configuration, and ends cleanly", async () => {
  const { GITHUB_ACTIONS: _actions, FORCE_COLOR: _color, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, "bin/usecase.js"), "lint", "--watch"], { cwd: copy, env });
  const ended = new Promise<readonly [number | null, string | null]>((end) => child.on("close", (code, signal) => end([code, signal])));
  const output = listen(child);
  try {
    expect(await output.answer()).toContain("nothing found");
    const text = readFileSync(spec, "utf8");
    for (let time = 1; time <= 5; time++) {
      replace(spec, text.replace("locationId: command.from", "locationid: command.from"));
      expect(await output.answer()).toContain('no column "locationid"');
      replace(spec, text);
      expect(await output.answer()).toContain("nothing found");
    }
    const sound = readFileSync(config, "utf8");
    writeFileSync(config, "scheme: nowhere\n");
    expect(await output.answer()).toContain("error: usecase.config.yaml");
    writeFileSync(config, sound);
    expect(await output.answer()).toContain("nothing found");
    writeFileSync(config, `${sound}specs: other\n`);
    expect(await output.answer()).toContain("0 files");
    mkdirSync(join(copy, "other"));
    writeFileSync(join(copy, "other/x.machine.yaml"), "machine: {}\n");
    expect(await output.answer()).toContain("other/x.machine.yaml");
    writeFileSync(config, sound);
    expect(await output.answer()).toContain("nothing found");
  } finally {
    child.kill("SIGINT");
  }
  expect(await ended).toEqual([0, null]);
});

test("generate --watch writes what each change makes, and keeps the last good output where there is a mistake", async () => {
  const { GITHUB_ACTIONS: _actions, FORCE_COLOR: _color, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, "bin/usecase.js"), "generate", "--watch"], { cwd: copy, env });
  const ended = new Promise<readonly [number | null, string | null]>((end) => child.on("close", (code, signal) => end([code, signal])));
  const output = listen(child);
  const code = join(copy, "generated-example/src/usecases/move-inventory/move-inventory.gen.ts");
  const said = async (expected: string) => {
    // What it has written itself may wake it once more.
    for (let text = await output.answer(); ; text = await output.answer()) if (text.includes(expected)) return;
  };
  try {
    await said("created");
    const before = readFileSync(code, "utf8");
    const text = readFileSync(spec, "utf8");
    writeFileSync(spec, text.replace("locationId: command.from", "locationid: command.from"));
    await said('no column "locationid"');
    expect(readFileSync(code, "utf8")).toBe(before);
    for (let time = 1; time <= 5; time++) {
      replace(spec, text.replace(/^summary: .*$/m, `summary: Move it, ${time}.`));
      await said("updated");
      expect(readFileSync(code, "utf8")).toContain(`Move it, ${time}.`);
    }
  } finally {
    child.kill("SIGINT");
  }
  expect(await ended).toEqual([0, null]);
});
