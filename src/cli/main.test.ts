import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Io } from "./io.js";
import { main } from "./main.js";

// The schema is read as ever, but once per text: every project here has the same one.
vi.mock("../spec/drizzle-schema.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("../spec/drizzle-schema.js")>();
  const readings = new Map<string, ReturnType<typeof original.readDatabaseSchema>>();
  return {
    readDatabaseSchema(root: string, modules: readonly string[]) {
      const key = modules.map((module) => readFileSync(join(root, module), "utf8")).join("\0");
      const reading = readings.get(key) ?? original.readDatabaseSchema(root, modules);
      readings.set(key, reading);
      return reading;
    },
  };
});

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, `.tmp/main-${process.pid}`);
const spec = "specs/move-inventory.usecase.yaml";

beforeAll(() => {
  for (const part of ["specs", "usecase.config.yaml", "generated-example/src/db/schema.ts"])
    cpSync(join(root, part), join(folder, "fine", part), { recursive: true });
  cpSync(join(folder, "fine"), join(folder, "broken"), { recursive: true });
  cpSync(join(folder, "fine"), join(folder, "warned"), { recursive: true });
  edit("broken", spec, (text) => text.replace("locationId: command.from", "locationid: command.from"));
  edit("warned", spec, (text) => text.replace("policies:", "# usecase-lint-disable-next-line policy/missing -- no reason\npolicies:"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function edit(project: string, file: string, change: (text: string) => string): void {
  const path = join(folder, project, file);
  const text = readText(path);
  expect(change(text)).not.toBe(text);
  writeFileSync(path, change(text));
}

const readText = (path: string) => readFileSync(path, "utf8");

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly files: ReadonlyMap<string, string>;
}

async function run(
  project: string,
  line: string | readonly string[],
  surroundings: Partial<Pick<Io, "env">> & { terminal?: boolean; stdin?: string } = {},
): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const files = new Map<string, string>();
  const isTTY = surroundings.terminal === true;
  const code = await main(typeof line === "string" ? line.split(" ").filter((part) => part !== "") : line, {
    stdout: { write: (text) => out.push(text), isTTY },
    stderr: { write: (text) => err.push(text), isTTY },
    stdin: { isTTY, read: async () => surroundings.stdin ?? "" },
    env: surroundings.env ?? {},
    cwd: join(folder, project),
    writeFile: async (path, text) => void files.set(path, text),
    ask: async () => expect.unreachable("asked"),
  });
  return { code, out: out.join(""), err: err.join(""), files };
}

describe("lint", () => {
  test("of a sound project says so", async () => {
    expect(await run("fine", "lint specs")).toMatchObject({ code: 0, out: "✔ 9 files: nothing found.\n", err: "" });
    expect(await run("fine", "lint specs --quiet")).toMatchObject({ code: 0, out: "", err: "" });
  });

  test("of a wrong column shows file, line, column and the right one", async () => {
    expect(await run("broken", "lint specs")).toMatchObject({
      code: 1,
      err: "",
      out: `\
specs/move-inventory.usecase.yaml:19:32 error  Table inventoryBalances has no column "locationid".  spec/unknown-reference
   18 |     table: inventoryBalances
   19 |     where: { sku: command.sku, locationid: command.fromLocationId }
      |                                ^^^^^^^^^^ did you mean locationId?

1 error in 9 files.
`,
    });
  });

  test("writes each format where it is wanted", async () => {
    const { code, out, files } = await run("broken", "lint --format json=build/lint.json --format compact");
    expect(code).toBe(1);
    expect(out).toMatch(/^specs\/move-inventory\.usecase\.yaml:19:32 error .* spec\/unknown-reference\n$/);
    const json = JSON.parse(files.get(join(folder, "broken/build/lint.json")) ?? "");
    expect(json.findings).toMatchObject([
      { ruleId: "spec/unknown-reference", line: 19, column: 32, path: "state.source.where.locationid", suggestions: ["locationId"] },
    ]);
  });

  test("annotates in GitHub Actions, from the repository's root", async () => {
    const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder };
    expect((await run("broken", "lint", { env })).out).toMatch(/^::error file=broken\/specs\/move-inventory\.usecase\.yaml,line=19,/);
    expect((await run("broken", "lint --format text", { env })).out).toMatch(/^specs\/move/);
  });

  test("takes files, folders and globs, and shows paths from where it was started", async () => {
    expect(await run("broken", "lint specs/pay-order.usecase.yaml")).toMatchObject({ code: 0, out: "✔ 1 file: nothing found.\n" });
    expect(await run("broken", ["lint", "specs/*.machine.yaml"])).toMatchObject({ code: 0, out: "✔ 1 file: nothing found.\n" });
    expect((await run("broken/specs", "lint --format compact move-inventory.usecase.yaml")).out).toMatch(
      /^move-inventory\.usecase\.yaml:19:32/,
    );
    expect((await run("broken", "lint --cwd specs --format compact .")).out).toMatch(/^move-inventory\.usecase\.yaml:19:32/);
  });

  test("takes standard input in place of a file", async () => {
    const stdin = readText(join(folder, "fine", spec));
    expect(await run("broken", `lint - --stdin-filename ${spec}`, { stdin })).toMatchObject({ code: 0, out: "✔ 1 file: nothing found.\n" });
    expect(await run("fine", "lint - --stdin-filename specs/new.usecase.yaml", { stdin: "usecase: [" })).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^specs\/new\.usecase\.yaml:1:\d+ error/),
    });
  });

  test("holds warnings to a limit", async () => {
    const unused = /lint\/unused-suppression/;
    expect(await run("warned", "lint")).toMatchObject({ code: 0, out: expect.stringMatching(unused) });
    expect(await run("warned", "lint --max-warnings 1")).toMatchObject({ code: 0 });
    expect(await run("warned", "lint --max-warnings 0")).toMatchObject({
      code: 1,
      err: "More warnings (1) than --max-warnings 0 allows.\n",
    });
    expect(await run("warned", "lint --quiet --max-warnings 0")).toMatchObject({ code: 1, out: "" });
    expect(await run("warned", "lint --rule lint/unused-suppression=error")).toMatchObject({ code: 1 });
    expect(await run("warned", "lint --max-warnings 0 --rule lint/unused-suppression=off")).toMatchObject({ code: 0 });
  });

  test.each([
    ["on a terminal", {}, true, "", true],
    ["not in a pipe", {}, false, "", false],
    ["in a pipe with FORCE_COLOR", { FORCE_COLOR: "1" }, false, "", true],
    ["not with FORCE_COLOR=0", { FORCE_COLOR: "0" }, true, "", false],
    ["not with NO_COLOR", { NO_COLOR: "1" }, true, "", false],
    ["not on a dumb terminal", { TERM: "dumb" }, true, "", false],
    ["not with --no-color", { FORCE_COLOR: "1" }, true, " --no-color", false],
  ])("colours %s", async (_, env, terminal, flag, colored) => {
    const { out } = await run("broken", `lint${flag}`, { env, terminal });
    expect(out.includes("\u001b[31m")).toBe(colored);
  });
});

describe("wrong usage ends with 2, names what is wrong and the nearest right thing", () => {
  test.each([
    ["lnt", "error: unknown command 'lnt'\n(Did you mean lint?)\n"],
    ["lint --formt text", "error: unknown option '--formt'\n(Did you mean --format?)\n"],
    ["lint --format jsn", 'error: There is no format "jsn".\nDid you mean json?\n'],
    ["lint --format text --format json", "error: Two formats go to standard output.\n"],
    ["lint --format json=", "error: --format json= names no file.\n"],
    ["lint --rule state/not-uniqe=off", 'error: There is no rule "state/not-uniqe".\nDid you mean state/not-unique?\n'],
    [
      "lint --rule state/not-unique=of",
      "error: --rule state/not-unique=of is not of the form <id>=<severity>.\nDid you mean --rule state/not-unique=off?\n",
    ],
    ["lint --rule spec/schema=off", "error: Rule spec/schema cannot be changed.\n"],
    ["lint --max-warnings many", "error: option '--max-warnings <count>' argument 'many' is invalid."],
    ["lint spec", 'error: No spec matches "spec".\nDid you mean specs?\n'],
    ["lint specs/move-inventry.usecase.yaml", "Did you mean specs/move-inventory.usecase.yaml?\n"],
    ["lint specs/*.nothing", 'error: No spec matches "specs/*.nothing".\n'],
    ["lint -", "error: What comes from standard input needs a name.\n"],
    ["lint --stdin-filename a.usecase.yaml", "error: --stdin-filename is for standard input.\n"],
    ["lint --config nowhere.yaml", "error: There is no configuration nowhere.yaml.\n"],
    ["lint --cwd /", "error: There is no usecase.config.yaml in / or above it.\n"],
    ["explain state/not-uniqe", 'error: There is no rule "state/not-uniqe".\nDid you mean state/not-unique?\n'],
    ["explain", "error: missing required argument 'rule'\n"],
  ])("%s", async (line, message) => {
    const { code, out, err } = await run("fine", line);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test("and nothing at all prints the help", async () => {
    expect(await run("fine", "")).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/^Usage: usecase/) });
  });
});

describe("help", () => {
  test.each([["--help"], ["help"]])("%s names every command and the exit codes", async (line) => {
    const { code, out, err } = await run("fine", line);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const name of ["explain", "generate", "lint", "rules", "scaffold"]) expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(out).toContain("Exit codes: 0 fine");
  });

  test.each([["explain"], ["generate"], ["lint"], ["rules"], ["scaffold"]])(
    "of %s has two examples and the common options",
    async (name) => {
      const { code, out } = await run("fine", `${name} --help`);
      expect(code).toBe(0);
      expect(out.match(/^ {2}\$ usecase /gm)).toHaveLength(2);
      for (const option of ["--config", "--cwd", "--quiet", "--no-color", "--help"]) expect(out).toContain(option);
    },
  );

  test("version", async () => {
    expect(await run("fine", "--version")).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/) });
  });
});

test("rules lists them for people and for programs", async () => {
  expect((await run("fine", "rules")).out).toMatch(/^state\/not-unique +error +a load of one row/m);
  const { rules } = JSON.parse((await run("fine", "rules --json")).out);
  expect(rules).toContainEqual({ id: "state/not-unique", severity: "error", summary: expect.any(String), required: false });
});

test("explain says why, and how it should be", async () => {
  const { code, out } = await run("fine", "explain state/not-unique");
  expect(code).toBe(0);
  expect(out).toMatch(/^state\/not-unique {2}error\n\nFinds /);
  expect(out).toContain("usecase-lint-disable-next-line state/not-unique -- <reason>");
  expect((await run("fine", "explain spec/schema")).out).toContain("neither switched off nor suppressed");
  expect(JSON.parse((await run("fine", "explain state/not-unique --json")).out)).toMatchObject({
    id: "state/not-unique",
    bad: { spec: expect.any(String) },
  });
});

test("an internal error ends with 3 and says what to report", async () => {
  const broken: Io = {
    stdout: {
      write: () => {
        throw new TypeError("no such stream");
      },
      isTTY: false,
    },
    stderr: { write: (text) => lines.push(text), isTTY: false },
    stdin: { isTTY: false, read: async () => "" },
    env: {},
    cwd: join(folder, "fine"),
    writeFile: async () => {},
    ask: async () => "",
  };
  const lines: string[] = [];
  expect(await main(["rules"], broken)).toBe(3);
  expect(lines.join("")).toMatch(
    /^error: usecase itself failed.*\n {2}usecase \S+, Node v.*\n {2}usecase rules\n {2}TypeError: no such stream\n/,
  );
});
