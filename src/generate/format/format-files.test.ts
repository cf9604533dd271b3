import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { changed, noteLine, smallProject } from "../../testing/server/fixtures/small-project.js";

// Biome as a project has it, behind a program that tells what it was called with.
const config = "schema: schema.ts\nformat: ./format.sh biome format --write\n";
const { root, read, write, edit, restore, run } = smallProject({
  "usecase.config.yaml": config,
  "biome.json": JSON.stringify({
    root: true,
    formatter: { indentStyle: "tab", lineWidth: 60 },
    javascript: { formatter: { quoteStyle: "single" } },
  }),
  "format.sh": '#!/bin/sh\nprintf "%s\\n" "$@" >> calls.txt\nexec "$@"\n',
});
const { code, handler, spec } = noteLine;
const calls = () =>
  read("calls.txt")
    .split("\n")
    .filter((line) => line.endsWith(".ts"))
    .map((path) => path.replace(/\.usecase-format-\d+\//, ""))
    .sort();

beforeEach(async () => {
  restore();
  chmodSync(join(root, "format.sh"), 0o755);
  await run({ force: true });
  write("calls.txt", "");
});

test("what is written is formatted, once, and then is as it is to be", async () => {
  expect(read(code)).toMatch(/^\t/m);
  expect(read(code)).toContain("'usecasecore'");
  expect(read(handler)).toContain("'usecasecore'");
  for (const options of [{}, { cache: false }, { check: true, cache: false }]) {
    const report = await run(options);
    expect(changed(report)).toEqual([]);
    expect(report.stale).toBe(false);
  }
  expect(calls()).toEqual([]);
  edit(spec, "Note a line.", "Note one line.");
  expect(changed(await run({ check: true }))).toEqual([`update ${code}`]);
  expect(changed(await run())).toEqual([`update ${code}`]);
  expect(calls()).toEqual([code, code]);
  expect(changed(await run({ check: true, cache: false }))).toEqual([]);
});

test("what a killed run has left beside the code goes with the next that formats; what a running one has there stays", async () => {
  const left = (pid: number | undefined) => `src/usecases/.usecase-format-${pid}/note-line/note-line.gen.ts`;
  const [gone, running] = [left(spawnSync("true").pid), left(process.ppid)];
  write(gone, "");
  write(running, "");
  edit(spec, "Note a line.", "Note one line.");
  await run();
  expect([gone, running].map((path) => existsSync(join(root, path)))).toEqual([false, true]);
});

test("an edit by hand is seen, and what other settings make of all is taken for ours", async () => {
  write(code, `${read(code)}// mine\n`);
  const report = await run();
  expect(report.refused).toBe(true);
  expect(changed(report)).toEqual([`edited ${code}`]);
  await run({ force: true });
  expect(read(code)).not.toContain("// mine");
  // A person formats the whole project after a change of the settings.
  edit("biome.json", '"single"', '"double"');
  write(code, read(code).replaceAll("'", '"'));
  expect(changed(await run({ cache: false, check: true }))).toEqual([]);
});

test("a formatter that fails is an error, and its work is done by the next run", async () => {
  write("format.sh", "#!/bin/sh\necho no such day >&2\nexit 3\n");
  edit(spec, "Note a line.", "Note one line.");
  const { formatFailure, written } = await run();
  expect(formatFailure?.message).toBe("The command of `format` (./format.sh biome format --write) ended with 3.\nno such day");
  expect(written).toBe(true);
  expect(read(code)).toContain("Note one line.");
  expect(read(code)).toContain('"usecasecore"');
  restore();
  chmodSync(join(root, "format.sh"), 0o755);
  edit(spec, "Note a line.", "Note one line.");
  expect(changed(await run())).toEqual([`update ${code}`]);
  expect(read(code)).toContain("'usecasecore'");
});

test.each([
  ["a program that is not there", "format: no-such-formatter --write", /no-such-formatter --write\) cannot be found/],
  ["a name that is too long", `format: [${"x".repeat(300)}]`, /cannot be run: spawn ENAMETOOLONG/],
  ["signs of a shell", 'format: "biome format; rm -rf ."', /usecase\.config\.yaml:2:9 /],
  ["nothing", "format: []", /usecase\.config\.yaml:2:9 /],
])("%s is said", async (_, line, message) => {
  write("usecase.config.yaml", `schema: schema.ts\n${line}\n`);
  const said = await run({ check: true }).then(
    ({ formatFailure }) => formatFailure?.message,
    (error: Error) => error.message,
  );
  expect(said).toMatch(message);
});
