import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lintLoaded } from "../lint/lint-project.js";
import { loadProject } from "../spec/load-project.js";
import type { Project } from "../spec/model.js";
import { emitFiles } from "./emit-files.js";
import { everyForm } from "./every-form.fixture.js";
import { generate } from "./generate.js";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const program = (name: string) => join(repository, "node_modules/.bin", name);

// Inside the repository, because what is generated imports packages.
mkdirSync(join(repository, ".tmp"), { recursive: true });
const scratch = mkdtempSync(join(repository, ".tmp/generate-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => file.replaceAll("\\", "/"))
    .sort();

describe("the example", () => {
  test("is what the specs make, byte for byte", async () => {
    const { project } = await loadProject({ cwd: repository });
    const emitted = (await emitFiles(project)).filter(({ kind }) => kind === "generated");
    const onDisk = filesIn(join(repository, project.config.out)).filter((file) => file.endsWith(".gen.ts"));
    expect(emitted.map(({ path }) => path).sort()).toEqual(onDisk.map((file) => `${project.config.out}/${file}`));
    for (const { path, text } of emitted) expect(text, path).toBe(readFileSync(join(repository, path), "utf8"));
  });

  test("does not depend on the order of anything", async () => {
    const { project } = await loadProject({ cwd: repository });
    const reversed: Project = {
      ...project,
      useCases: [...project.useCases].reverse(),
      machines: [...project.machines].reverse(),
      types: [...project.types].reverse(),
      ...(project.schema && { schema: { ...project.schema, tables: [...project.schema.tables].reverse() } }),
    };
    const byPath = async (of: Project) => Object.fromEntries((await emitFiles(of)).map(({ path, text }) => [path, text]));
    const [once, again, other] = await Promise.all([byPath(project), byPath(project), byPath(reversed)]);
    expect(again).toEqual(once);
    expect(other).toEqual(once);
  });
});

describe("every form of the language", () => {
  const root = join(scratch, "every-form");
  beforeAll(async () => {
    write(root, everyForm);
    write(root, { "package.json": '{ "type": "module" }' });
    const loaded = await loadProject({ cwd: root });
    const { findings } = await lintLoaded(loaded, { cwd: root });
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    const report = await generate(loaded);
    expect(report).toMatchObject({ stale: true, refused: false, written: true });
  });

  test("type-checks, scaffolds included", () => {
    const { compilerOptions } = JSON.parse(readFileSync(join(repository, "generated-example/tsconfig.json"), "utf8"));
    // The package's sources instead of what was built last.
    const paths = {
      usecasecore: [join(repository, "src/runtime/index.ts")],
      "usecasecore/*": [join(repository, "src/runtime/*.ts")],
    };
    const options = { ...compilerOptions, lib: ["es2024"], paths };
    write(root, { "tsconfig.json": JSON.stringify({ compilerOptions: options, include: ["src"] }) });
    expect(run(program("tsc"), ["--noEmit", "-p", "."], root)).toEqual({ failed: false, output: "" });
  });

  test("is formatted and sorted as Biome would leave it", () => {
    const copy = join(scratch, "formatted");
    cpSync(join(root, "src/usecases"), copy, { recursive: true });
    const { formatter } = JSON.parse(readFileSync(join(repository, "biome.json"), "utf8"));
    const count = filesIn(copy).length;
    write(copy, {
      "biome.json": JSON.stringify({ root: true, formatter, linter: { enabled: false }, json: { formatter: { enabled: false } } }),
    });
    const checked = run(program("biome"), ["check", "--colors=off", "."], copy);
    expect(checked).toEqual({ failed: false, output: expect.stringContaining(`Checked ${count + 1} files`) });
  });

  test("again, nothing is written", async () => {
    const before = times(root);
    const report = await generate(await loadProject({ cwd: root }));
    expect(report.files.filter(({ status }) => status !== "unchanged")).toEqual([]);
    expect(report).toMatchObject({ stale: false, refused: false });
    expect(times(root)).toEqual(before);
  });
});

describe("what is on disk already", () => {
  const root = join(scratch, "on-disk");
  const generated = "src/usecases/find-records/find-records.gen.ts";
  const handler = "src/usecases/find-records/find-records.handler.ts";
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const run = async (options: Parameters<typeof generate>[1] = {}) => generate(await loadProject({ cwd: root }), options);
  const changed = ({ files }: Awaited<ReturnType<typeof run>>) =>
    Object.fromEntries(files.filter(({ status }) => status !== "unchanged").map(({ path, status }) => [path, status]));

  beforeAll(async () => {
    write(root, everyForm);
    await run();
  });

  test("check and dry run write nothing", async () => {
    rmSync(join(root, generated));
    for (const options of [{ check: true }, { dryRun: true }]) {
      const report = await run(options);
      expect(changed(report)).toEqual({ [generated]: "create" });
      expect(report).toMatchObject({ stale: true, written: false });
      expect(filesIn(root)).not.toContain(generated);
    }
    await run();
    expect(filesIn(root)).toContain(generated);
  });

  test("an edit by hand stops everything, with a diff, until it is forced", async () => {
    const text = read(generated);
    write(root, { [generated]: text.replace("DO NOT EDIT", "edited") });
    rmSync(join(root, "src/usecases/index.gen.ts"));
    const report = await run();
    expect(changed(report)).toEqual({ [generated]: "edited", "src/usecases/index.gen.ts": "create" });
    expect(report).toMatchObject({ refused: true, written: false });
    expect(report.files.find(({ path }) => path === generated)?.diff).toMatch(/^-.*edited\.\n\+.*DO NOT EDIT\.$/m);
    expect(filesIn(root)).not.toContain("src/usecases/index.gen.ts");
    await run({ force: true });
    expect(read(generated)).toBe(text);
    expect(filesIn(root)).toContain("src/usecases/index.gen.ts");
  });

  describe("a handler whose spec asks for more", () => {
    const spec = "specs/find-records.usecase.yaml";
    const manifest = ".usecase/manifest.json";

    test("is extended, once, and says what it was", async () => {
      const before = read(handler);
      write(root, { [spec]: read(spec).replace("result:", "  - check: soon\nresult:") });
      const report = await run({ check: true });
      expect(changed(report)).toMatchObject({ [handler]: "extend" });
      expect(read(handler)).toBe(before);
      expect((await run()).files.find(({ path }) => path === handler)).toMatchObject({ added: ["checks.soon"] });
      expect(read(handler)).toContain('soon: () => notImplemented("the check soon")');
      expect(await run({ check: true })).toMatchObject({ stale: false, notices: [] });
    });

    test("keeps what is asked for no longer, and names the place until it is gone", async () => {
      write(root, { [spec]: read(spec).replace("  - check: soon\n", "") });
      const before = read(handler);
      for (const _ of [1, 2]) expect((await run()).notices).toMatchObject([{ file: handler, kind: "extra", places: ["checks"] }]);
      expect(read(handler)).toBe(before);
      write(root, { [handler]: before.replace(/ {2}checks: \{[^}]*\},\n\n/, "") });
      expect((await run()).notices).toEqual([]);
    });

    test("is not looked at again while its spec stays as it is, nor written by a manifest of before", async () => {
      const text = read(handler);
      write(root, { [handler]: "// mine\n" });
      expect((await run()).notices).toEqual([]);
      write(root, { [handler]: text, [manifest]: JSON.stringify({ ...JSON.parse(read(manifest)), handlers: {} }) });
      expect(changed(await run())).toEqual({});
      expect(JSON.parse(read(manifest)).handlers[handler]).toMatchObject({ useCase: "FindRecords" });
    });
  });

  test("a use case under another name keeps its handler", async () => {
    const [spec, renamed] = ["specs/find-records.usecase.yaml", "specs/look-up.usecase.yaml"];
    const [text, mine] = [read(spec), `${read(handler)}// mine\n`];
    const elsewhere = "src/usecases/look-up/look-up.handler.ts";
    write(root, { [renamed]: text.replace("FindRecords", "LookUp"), [handler]: mine });
    rmSync(join(root, spec));
    expect((await run()).files.find(({ path }) => path === elsewhere)).toMatchObject({ status: "move", from: handler });
    expect(filesIn(root)).not.toContain(handler);
    expect(read(elsewhere)).toBe(
      mine
        .replaceAll("find-records", "look-up")
        .replace(/FindRecordsO/g, "LookUpO")
        .replace("findRecordsH", "lookUpH"),
    );
    expect(read("src/usecases/look-up/look-up.test.ts")).toContain("FindRecords");

    write(root, { [spec]: text });
    rmSync(join(root, renamed));
    await run({ prune: true });
    expect(read(handler)).toBe(mine);
    expect(filesIn(root).filter((file) => file.includes("look-up"))).toEqual([]);
  });

  test("a handler is never written again", async () => {
    write(root, { [handler]: "// mine\n" });
    expect(changed(await run({ force: true }))).toEqual({});
    expect(read(handler)).toBe("// mine\n");
  });

  test("what is no longer made is removed only when asked for, and never what was edited", async () => {
    rmSync(join(root, "specs/find-records.usecase.yaml"));
    const validator = generated.replace(".gen", ".validator.gen");
    write(root, { [validator]: `${read(validator)}// mine\n` });
    const report = await run();
    expect(changed(report)).toMatchObject({ [generated]: "orphan", [validator]: "abandoned" });
    expect(filesIn(root)).toContain(generated);
    expect((await run({ check: true })).stale).toBe(true);
    await run({ prune: true });
    const left = filesIn(root);
    expect(left).not.toContain(generated);
    expect(left).toContain(validator);
    expect(left).toContain(handler);
    expect((await run({ check: true })).stale).toBe(false);
  });
});

function run(command: string, args: readonly string[], cwd: string): { readonly failed: boolean; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return { failed: status !== 0, output: `${stdout}${stderr}`.trim() };
}

function times(root: string): readonly (readonly [string, number])[] {
  return filesIn(root)
    .filter((file) => !file.startsWith("node_modules"))
    .map((file) => [file, statSync(join(root, file)).mtimeMs]);
}
