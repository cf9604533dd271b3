import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EmittedFile } from "./emitted-file.js";
import { hashOf, manifestFile, readManifest } from "./manifest.js";
import { planFiles } from "./plan.js";
import { writeChanges } from "./write.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "usecase-plan-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const file = (path: string, text: string, kind: EmittedFile["kind"] = "generated"): EmittedFile => ({ path, text, kind, emitter: "any" });
const statuses = async (emitted: readonly EmittedFile[], manifest: Readonly<Record<string, string>> = {}) => {
  const hashes = new Map(Object.entries(manifest).map(([path, text]) => [path, hashOf(text)]));
  const planned = await planFiles({ root, folder: "out", emitted, manifest: hashes });
  return Object.fromEntries(planned.map(({ path, status }) => [path, status]));
};

describe("what would happen to a file", () => {
  test.each<[status: string, onDisk: string | undefined, recorded: string | undefined]>([
    ["create", undefined, undefined],
    ["create", undefined, "old"],
    ["update", "old", "old"],
    ["unchanged", "new\n", "old"],
    ["unchanged", "new\n", undefined],
    ["unchanged", "new\r\n", "new\n"],
    ["edited", "mine", "old"],
    ["edited", "mine", undefined],
  ])("%s: %j on disk, %j recorded", async (status, onDisk, recorded) => {
    if (onDisk !== undefined) put("out/a.gen.ts", onDisk);
    const manifest: Record<string, string> = recorded === undefined ? {} : { "out/a.gen.ts": recorded };
    expect(await statuses([file("out/a.gen.ts", "new\n")], manifest)).toEqual({ "out/a.gen.ts": status });
  });

  test("what nothing makes any more is an orphan, or abandoned if it was edited; what is gone is forgotten", async () => {
    put("out/orphan.gen.ts", "same");
    put("out/edited.gen.ts", "mine");
    const manifest = { "out/orphan.gen.ts": "same", "out/edited.gen.ts": "ours", "out/gone.gen.ts": "gone" };
    expect(await statuses([], manifest)).toEqual({ "out/edited.gen.ts": "abandoned", "out/orphan.gen.ts": "orphan" });
  });

  test("what is where `out` led to before is left there, unless it was edited", async () => {
    put("before/ours.gen.ts", "same");
    put("before/edited.gen.ts", "mine");
    const manifest = { "before/ours.gen.ts": "same", "before/edited.gen.ts": "ours" };
    expect(await statuses([], manifest)).toEqual({ "before/edited.gen.ts": "abandoned", "before/ours.gen.ts": "left" });
  });

  test("a scaffold that is there is the user's; its companion is then not made", async () => {
    put("out/a.handler.ts", "mine");
    const scaffolds: EmittedFile[] = [
      file("out/a.handler.ts", "ours", "scaffold"),
      { ...file("out/a.test.ts", "ours", "scaffold"), with: "out/a.handler.ts" },
      file("out/b.handler.ts", "ours", "scaffold"),
      { ...file("out/b.test.ts", "ours", "scaffold"), with: "out/b.handler.ts" },
    ];
    expect(await statuses(scaffolds)).toEqual({
      "out/a.handler.ts": "unchanged",
      "out/b.handler.ts": "create",
      "out/b.test.ts": "create",
    });
  });
});

describe("paths", () => {
  test.each(["../a.ts", "out/../../a.ts", "out/../a.ts", "other/a.ts", "out", "out/a\0.ts", "out\\a.ts"])("%j is refused", async (path) => {
    await expect(statuses([file(path, "x")])).rejects.toMatchObject({ code: "files/not-ours" });
  });

  test.each([
    ["a folder", "out/sub", "out/sub/a.ts"],
    ["the file", "out/a.ts", "out/a.ts"],
    ["to nothing, a file", "out/b.ts", "out/b.ts"],
  ])("%s that is a link out of the folder is refused", async (_, link, path) => {
    const elsewhere = mkdtempSync(join(tmpdir(), "usecase-elsewhere-"));
    try {
      mkdirSync(join(root, "out"));
      writeFileSync(join(elsewhere, "a.ts"), "theirs");
      symlinkSync(link.endsWith(".ts") ? join(elsewhere, link.slice(4)) : elsewhere, join(root, link));
      await expect(statuses([file(path, "x")])).rejects.toMatchObject({ code: "files/not-ours" });
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  test("a link within the folder is followed", async () => {
    mkdirSync(join(root, "out/real"), { recursive: true });
    symlinkSync(join(root, "out/real"), join(root, "out/alias"));
    expect(await statuses([file("out/alias/a.ts", "x")])).toEqual({ "out/alias/a.ts": "create" });
  });

  test("two files that differ in case alone are one on many disks", async () => {
    await expect(statuses([file("out/a.ts", "x"), file("out/A.ts", "y")])).rejects.toThrow(/Two emitters/);
  });

  test("a manifest cannot name a file elsewhere", async () => {
    for (const path of ["../precious.gen.ts", "out/../../precious.gen.ts", "src/precious.ts", "package.json"])
      await expect(statuses([], { [path]: "x" }), path).rejects.toMatchObject({ code: "files/not-ours" });
  });
});

describe("writing", () => {
  const change = (path: string, before: string | undefined, after: string | undefined) => ({ target: join(root, path), before, after });

  test("creates, changes, removes, and leaves no trace of the way there", async () => {
    put("out/changed.ts", "old");
    put("out/removed.ts", "old");
    await writeChanges(root, [
      change("out/deep/new.ts", undefined, "new"),
      change("out/changed.ts", "old", "new"),
      change("out/removed.ts", "old", undefined),
    ]);
    expect(readFileSync(join(root, "out/deep/new.ts"), "utf8")).toBe("new");
    expect(readFileSync(join(root, "out/changed.ts"), "utf8")).toBe("new");
    expect(existsSync(join(root, "out/removed.ts"))).toBe(false);
    expect(readdirSync(join(root, ".usecase"))).toEqual([]);
  });

  test("a failure in the middle puts everything back, to the byte and with its rights", async () => {
    put("out/first.ts", "old");
    chmodSync(join(root, "out/first.ts"), 0o640);
    put("out/third.ts/not-empty", "a folder where a file should go");
    const changes = [
      change("out/first.ts", "old", "new"),
      change("out/second.ts", undefined, "new"),
      change("out/third.ts", undefined, "new"),
    ];
    await expect(writeChanges(root, changes)).rejects.toMatchObject({ code: "files/unreadable" });
    expect(readFileSync(join(root, "out/first.ts"), "utf8")).toBe("old");
    expect(existsSync(join(root, "out/second.ts"))).toBe(false);
    expect(readdirSync(join(root, ".usecase"))).toEqual([]);
  });

  test("what was changed meanwhile, or is read-only, stops everything before it begins", async () => {
    put("out/first.ts", "old");
    put("out/mine.ts", "mine");
    await expect(writeChanges(root, [change("out/first.ts", "old", "new"), change("out/mine.ts", "ours", "new")])).rejects.toThrow(
      /mine\.ts was changed while/,
    );
    chmodSync(join(root, "out/mine.ts"), 0o444);
    await expect(writeChanges(root, [change("out/first.ts", "old", "new"), change("out/mine.ts", "mine", "new")])).rejects.toThrow(
      /mine\.ts is read-only/,
    );
    expect(readFileSync(join(root, "out/first.ts"), "utf8")).toBe("old");
    expect(readdirSync(join(root, ".usecase"))).toEqual([]);
  });

  test("rights stay, and a link within the folder leads to where it led", async () => {
    put("out/real.ts", "old");
    chmodSync(join(root, "out/real.ts"), 0o750);
    symlinkSync("real.ts", join(root, "out/link.ts"));
    await writeChanges(root, [change("out/link.ts", "old", "new")]);
    expect(lstatSync(join(root, "out/link.ts")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, "out/real.ts"), "utf8")).toBe("new");
    expect(statSync(join(root, "out/real.ts")).mode & 0o777).toBe(0o750);
  });

  test("without changes nothing is touched", async () => {
    await writeChanges(root, []);
    expect(existsSync(join(root, ".usecase"))).toBe(false);
  });
});

describe("the manifest", () => {
  test("none is empty", async () =>
    expect(await readManifest(root)).toEqual({ files: new Map(), unformatted: new Map(), handlers: new Map() }));
  test.each(["", "[]", "{}", '{"files":{"a":1}}'])("%j is none", async (text) => {
    put(manifestFile, text);
    await expect(readManifest(root)).rejects.toMatchObject({ code: "files/unreadable" });
  });
});
