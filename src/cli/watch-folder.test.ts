import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { watchFolder } from "./watch-folder.js";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A folder that is watched, and how to wait for what is told of it. */
function watched(options: { readonly recursive?: boolean; readonly inside?: string } = {}) {
  const root = mkdtempSync(join(tmpdir(), "usecase-watch-"));
  const folder = join(root, options.inside ?? "");
  let told = new Set<string>();
  const watcher = watchFolder(folder, {
    recursive: options.recursive ?? true,
    changed: (path) => told.add(path),
    failed(error) {
      throw error;
    },
  });
  closing.push(
    () => watcher.close(),
    () => rmSync(root, { recursive: true, force: true }),
  );
  const write = (file: string, text = "") => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  return {
    folder,
    write,
    /** As editors save: a new file in the old one's place. */
    replace(file: string, text: string) {
      write(`${file}~`, text);
      renameSync(join(folder, `${file}~`), join(folder, file));
    },
    async isTold(file: string) {
      await vi.waitFor(() => expect(told).toContain(join(folder, file)), { timeout: 20_000, interval: 5 });
      // What belongs to the same change comes with it.
      await new Promise((resume) => setTimeout(resume, 20));
      told = new Set();
    },
    told: () => told,
  };
}

test.each(["a.yaml", "inside/a.yaml"])("%s is told each time that it is replaced", async (file) => {
  const { write, replace, isTold } = watched();
  write(file);
  await isTold(file);
  for (let time = 1; time <= 5; time++) {
    replace(file, `${time}`);
    await isTold(file);
  }
});

test("what is in a new folder, and in one that comes back, is told", async () => {
  const { folder, write, replace, isTold } = watched();
  for (let time = 1; time <= 3; time++) {
    write("a/b/c.yaml");
    await isTold("a/b/c.yaml");
    replace("a/b/c.yaml", `${time}`);
    await isTold("a/b/c.yaml");
    rmSync(join(folder, "a"), { recursive: true });
    await isTold("a");
  }
});

test("a folder that comes later, goes, and comes back is watched", async () => {
  const { folder, write, replace, isTold } = watched({ inside: "not/yet" });
  for (let time = 1; time <= 3; time++) {
    write("a.yaml");
    await isTold("a.yaml");
    replace("a.yaml", `${time}`);
    await isTold("a.yaml");
    rmSync(dirname(folder), { recursive: true });
    await isTold("a.yaml");
  }
});

test("only the folder itself, where that is wanted; never packages", async () => {
  const one = watched({ recursive: false });
  one.write("inside/a.yaml");
  one.write("b.yaml");
  await vi.waitFor(() => expect(one.told()).toContain(join(one.folder, "b.yaml")));
  one.replace("inside/a.yaml", "1");
  const all = watched();
  all.write("node_modules/a.yaml");
  all.write(".git/a.yaml");
  await all.isTold(".git");
  all.write("node_modules/b.yaml");
  all.write("b.yaml");
  await vi.waitFor(() => expect(all.told()).toContain(join(all.folder, "b.yaml")));
  expect([...all.told()]).toEqual([join(all.folder, "b.yaml")]);
  expect([...one.told()].filter((path) => path.includes("inside/"))).toEqual([]);
});
