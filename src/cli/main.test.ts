import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Io } from "./io.js";
import { main } from "./main.js";
import { scriptedPrompts } from "./scripted-prompts.fixture.js";

// The schema is read as ever, but once per text: every project here has the same one.
vi.mock("../spec/drizzle-schema.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("../spec/drizzle-schema.js")>();
  const readings = new Map<string, ReturnType<typeof original.readDatabaseSchema>>();
  return {
    ...original,
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
  for (const name of ["broken", "checked", "generated", "scaffolded", "warned"])
    cpSync(join(folder, "fine"), join(folder, name), { recursive: true });
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
  surroundings: Partial<Pick<Io, "env">> & {
    terminal?: boolean;
    stdin?: string;
    answers?: (string | boolean | readonly string[])[];
    asked?: string[];
  } = {},
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
    prompts: scriptedPrompts(surroundings.answers ?? [], surroundings.asked),
  });
  return { code, out: out.join(""), err: err.join(""), files };
}

describe("lint", () => {
  test("of a sound project says so", async () => {
    expect(await run("fine", "lint specs")).toMatchObject({ code: 0, out: "✔ 11 files: nothing found.\n", err: "" });
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

1 error in 11 files; --fix repairs 1.
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

describe("generate", () => {
  const index = "generated-example/src/usecases/index.gen.ts";
  const handler = "generated-example/src/usecases/move-inventory/move-inventory.handler.ts";
  // The steps of one story, in order: each stands on what the one before has left.
  test("writes what has changed, once", async () => {
    const { code, out, err } = await run("generated", "generate specs");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`created  ${index}\n`);
    expect(out).toContain(`created  ${handler}\n`);
    const before = readText(join(folder, "generated", index));
    expect(await run("generated", "generate")).toMatchObject({ code: 0, out: expect.stringMatching(/^✔ \d+ files are current\.\n$/) });
    expect(await run("generated", "generate --quiet")).toMatchObject({ code: 0, out: "" });
    expect(await run("generated", "generate --check")).toMatchObject({ code: 0 });
    expect(readText(join(folder, "generated", index))).toBe(before);
  });

  test("shows what is stale, and writes nothing then", async () => {
    edit("generated", "specs/ship-order.usecase.yaml", (text) => text.replace("Ship a paid order", "Ship an order"));
    const check = await run("generated", "generate --check");
    expect(check).toMatchObject({ code: 1, err: "" });
    expect(check.out).toMatch(/^update {2}\S*ship-order\.gen\.ts\n--- a\/.*\n-.*Ship a paid order.*\n\+.*Ship an order/s);
    const dry = await run("generated", "generate --dry-run");
    expect(dry).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^update {2}\S*ship-order\.gen\.ts\n✔ update: 1; unchanged: \d+\.\n$/),
    });
    const json = JSON.parse((await run("generated", "generate --dry-run --json --diff")).out);
    expect(json).toMatchObject({ version: 1, stale: true, written: false, refused: false });
    expect(json.files.filter(({ status }: { status: string }) => status !== "unchanged")).toMatchObject([
      { kind: "generated", diff: expect.stringContaining("+ * Ship an order") },
    ]);
    expect(await run("generated", "generate")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^updated {2}\S*ship-order\.gen\.ts\n✔ updated: 1; unchanged: \d+\.\n$/),
    });
  });

  test("refuses to overwrite what was edited by hand, unless told to", async () => {
    edit("generated", index, (text) => `${text}// mine\n`);
    const refused = await run("generated", "generate");
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining("--force") });
    expect(refused.out).toMatch(/^edited by hand {2}\S*index\.gen\.ts\n--- a\/.*-\/\/ mine\n$/s);
    expect(readText(join(folder, "generated", index))).toContain("// mine");
    expect(await run("generated", "generate --check")).toMatchObject({ code: 1 });
    expect(await run("generated", "generate --force --quiet")).toMatchObject({ code: 0, out: `overwritten  ${index}\n` });
    expect(readText(join(folder, "generated", index))).not.toContain("// mine");
  });

  test("removes what nothing makes any more when asked", async () => {
    rmSync(join(folder, "generated/specs/get-order.usecase.yaml"));
    expect((await run("generated", "generate")).out).toMatch(/^no longer made {2}\S*get-order\.gen\.ts$/m);
    expect((await run("generated", "generate --prune")).out).toMatch(/^removed {2}\S*get-order\.gen\.ts$/m);
    expect((await run("generated", "generate")).out).toMatch(/are current/);
  });

  test("does nothing with a project that has errors", async () => {
    const { code, out, err } = await run("broken", "generate");
    expect(code).toBe(1);
    expect(out).toMatch(/^specs\/move-inventory\.usecase\.yaml:19:32 error/);
    expect(err).toBe("Nothing was written: a project with errors is not generated.\n");
    expect(existsSync(join(folder, "broken/generated-example/src/usecases"))).toBe(false);
    expect(JSON.parse((await run("broken", "generate --json")).out)).toMatchObject({ findings: [{ line: 19 }] });
  });

  test("is not done in part", async () => {
    expect(await run("fine", "generate specs/move-inventory.usecase.yaml")).toMatchObject({ code: 2, out: "" });
  });
});

describe("check", () => {
  const out = "generated-example/src/usecases";
  // The steps of one story, in order: each stands on what the one before has left.
  test("names what is missing, part by part", async () => {
    const { code, out: text, err } = await run("checked", "check");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(text).toContain(`${out}/index.gen.ts:1:1 error  The file is missing.  check/output\n      = \`usecase generate\` writes it.\n`);
    expect(text).toContain(`${out}/pay-order/pay-order.handler.ts:1:1 error  The file is missing.  check/handlers\n`);
    expect(text).toContain("error  The migration 0000_usecasecore of usecasecore's tables is missing.  check/migrations\n");
    expect(text).toMatch(
      /\n✔ lint {8}11 files, 0 errors, 0 warnings\n✖ output {6}(\d+) of \1 files not current\n✖ handlers .*\n✖ migrations {2}0000.*\n$/s,
    );
    expect(existsSync(join(folder, "checked", out))).toBe(false);
  });

  test("of what is as it should be says so", async () => {
    expect(await run("checked", "generate --quiet")).toMatchObject({ code: 0 });
    expect(await run("checked", "check")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^✔ lint .*\n✔ output .*\n✔ handlers .*\n✔ migrations .*\n$/),
    });
    expect(await run("checked", "check --quiet")).toMatchObject({ code: 0, out: "", err: "" });
  });

  test("finds what is stale, edited, no longer made or removed", async () => {
    edit("checked", "specs/ship-order.usecase.yaml", (text) => text.replace("Ship a paid order", "Ship an order"));
    edit("checked", `${out}/index.gen.ts`, (text) => `${text}// mine\n`);
    rmSync(join(folder, "checked/specs/get-order.usecase.yaml"));
    edit("checked", "specs/create-order.usecase.yaml", (text) =>
      text.replace("orders.create\n", "orders.create\n  - { check: openingHours, error: UnknownProduct }\n"),
    );
    edit("checked", `${out}/reserve-inventory/reserve-inventory.handler.ts`, (text) =>
      text.replace("checks: {", "checks: {\n    gone: () => true,"),
    );
    rmSync(join(folder, "checked", out, "pay-order/pay-order.handler.ts"));
    rmSync(join(folder, "checked/generated-example/drizzle"), { recursive: true });
    const { code, out: json, err } = await run("checked", "check --format json");
    expect(code).toBe(1);
    const { findings, summary } = JSON.parse(json);
    const found = findings.map(({ ruleId, file, message }: Record<string, string>) => `${ruleId} ${file?.split("/").at(-1)} ${message}`);
    expect(found).toEqual([
      "check/output create-order.gen.ts The file is not what the specs make now.",
      "check/output get-order.gen.ts No spec makes this file any more.",
      "check/output get-order.validator.gen.ts No spec makes this file any more.",
      "check/output index.gen.ts The file was edited by hand.",
      "check/output ship-order.gen.ts The file is not what the specs make now.",
      "check/handlers create-order.handler.ts The spec asks for what the handler lacks: checks.openingHours.",
      "check/handlers pay-order.handler.ts The file is missing.",
      "check/handlers reserve-inventory.handler.ts specs/reserve-inventory.usecase.yaml asks for checks.gone no longer: remove it.",
      "check/migrations 0000_usecasecore.sql The migration 0000_usecasecore of usecasecore's tables is missing.",
    ]);
    expect(summary).toMatchObject({ errors: 9 });
    expect(err).toContain("✖ output      5 of ");
    const only = await run("checked", "check --only handlers --only lint --format compact");
    expect(only).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^\S*create-order\.handler\.ts:1:1 error .*\n\S*pay-order\.handler\.ts:1:1 error .*\n\S*reserve.*\n$/),
    });
    expect(await run("checked", "check --only lint")).toMatchObject({ code: 0 });
    const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: folder };
    expect((await run("checked", "check --only migrations", { env })).out).toMatch(
      /^::error file=checked\/generated-example\/drizzle\/0000_usecasecore\.sql,line=1,/,
    );
  });

  test("of specs with errors does not say that the code is current", async () => {
    const { code, out: text } = await run("broken", "check --only output");
    expect(code).toBe(1);
    expect(text).toMatch(
      /^specs\/move-inventory\.usecase\.yaml:19:32 error.*\n– output {2}not looked at: specs with errors make no code\n$/s,
    );
  });

  test("has a limit for warnings", async () => {
    expect(await run("warned", "check --only lint")).toMatchObject({ code: 0 });
    expect(await run("warned", "check --only lint --max-warnings 0")).toMatchObject({
      code: 1,
      err: expect.stringContaining("--max-warnings 0"),
    });
  });
});

describe("scaffold", () => {
  test("shows what it would write", async () => {
    const { code, out, files } = await run(
      "fine",
      "scaffold ArchiveOrder --table orders --event OrderArchived --job NotifyArchive --load payer:payments:none --dry-run",
    );
    expect(code).toBe(0);
    expect(out).toContain("create  specs/archive-order.usecase.yaml\n");
    for (const line of [
      "usecase: ArchiveOrder",
      "  payerId: uuid",
      "  orderId: uuid",
      "    lock: no key update",
      "  orders: [update]",
      "  OrderArchived:",
      "  NotifyArchive:",
    ])
      expect(out).toContain(`${line}\n`);
    expect(out).toMatch(/^create {2}\S*archive-order\.handler\.ts$/m);
    expect(files.size).toBe(0);
  });

  test("writes the spec with what is generated from it, and shows both as a diff", async () => {
    const { code, out } = await run("scaffolded", "scaffold ArchiveOrder --table orders:total --diff");
    expect(code).toBe(0);
    expect(out).toMatch(/^created {2}specs\/archive-order\.usecase\.yaml\n--- \/dev\/null\n.*\n\+usecase: ArchiveOrder\n/s);
    expect(out).toMatch(/^created {2}\S*archive-order\.handler\.ts\n--- \/dev\/null/m);
    expect(out).toContain("+  orders: { update: [total] }\n");
    expect(await run("scaffolded", "check --max-warnings 0")).toMatchObject({ code: 0 });
  });

  test("copies another use case under a new name", async () => {
    const { code, out } = await run("fine", "scaffold RefundOrder --from pay-order --dry-run");
    expect(code).toBe(0);
    const copy = readText(join(folder, "fine/specs/pay-order.usecase.yaml"))
      .replace("usecase: PayOrder", "usecase: RefundOrder")
      .replace("summary: Pay a reserved order in full.", "summary: Refund order.")
      .replace("action: order.paid", "action: refund-order");
    expect(out).toContain(copy);
  });

  test("asks on a terminal for what the flags leave open", async () => {
    const asked: string[] = [];
    const answers = ["holdOrder", "HoldOrder", "orders", "cancel", ["total"], ["products"], "share", "OrderHeld", ""];
    const { code, out } = await run("fine", "scaffold --dry-run", { terminal: true, answers, asked });
    expect({ code, left: answers }).toEqual({ code: 0, left: [] });
    expect(asked).toEqual([
      "What is the use case called, verb first?",
      "Did you mean HoldOrder?",
      "Which table's row is it about?",
      "Which event of the machine Order does it take?",
      "Which columns of orders may it also change?",
      "Which other tables does it need a row of?",
      "Is the row of products locked?",
      "Which event does it send? (Enter for none)",
      "Which job does it start? (Enter for none)",
    ]);
    for (const line of [
      "usecase: HoldOrder",
      "  - { state: order, machine: Order, event: cancel }",
      "  orders: { update: [total] }",
      "    lock: share",
      "  OrderHeld:",
    ])
      expect(out).toContain(`${line}\n`);
  });

  test("asks once more before it writes, and a no writes nothing", async () => {
    const answers = ["products", [], [], "", "", false];
    const { code, err } = await run("scaffolded", "scaffold LookAtProduct", { terminal: true, answers });
    expect({ code, left: answers }).toEqual({ code: 2, left: [] });
    expect(err).toMatch(/usecase: LookAtProduct\n.*error: Cancelled: nothing was written\.\n$/s);
    expect(existsSync(join(folder, "scaffolded/specs/look-at-product.usecase.yaml"))).toBe(false);
    expect(
      await run("scaffolded", "scaffold LookAtProduct", { terminal: true, answers: ["products", [], [], "", "", true] }),
    ).toMatchObject({ code: 0 });
    expect(await run("scaffolded", "check")).toMatchObject({ code: 0 });
  });

  test.each([
    ["HoldOrder", 2, "error: Which table is it about?\nSay so with --table (inventoryBalances, "],
    ["--yes", 2, "error: What is the use case called?\nSay so first: usecase scaffold ShipOrder.\n"],
    ["HoldOrder --table orders:totl", 2, 'There is no column of orders "totl".\nDid you mean total?'],
    ["HoldOrder --table orders:status", 2, "A handler cannot change orders.status.\nIt can change orderNumber, "],
    ["HoldOrder --table orders:", 2, "--table orders: is not of the form table[:column,…]."],
    ["HoldOrder --from PayOrdr", 2, 'There is no use case "PayOrdr".\nDid you mean PayOrder?'],
    ["HoldOrder --from PayOrder --job X", 2, "--from takes everything from another use case."],
    ["HoldOrder --table ordrs", 2, 'There is no table "ordrs".\nDid you mean orders?'],
    ["hold-order --table orders", 2, "Did you mean HoldOrder?"],
    ["HoldOrder --load order", 2, "--load order is not of the form name:table[:lock]."],
    ["HoldOrder --load order:orders:hard", 2, 'There is no lock "hard".\nThe locks are none, share, no-key-update, update.'],
    ["HoldOrder --load a:orders --load a:products", 2, "Two loads are called a."],
    ["HoldOrder --transition Ordr:cancel", 2, 'There is no machine "Ordr".\nDid you mean Order?'],
    ["HoldOrder --transition Order:cancl", 2, 'There is no event of machine Order "cancl".\nDid you mean cancel?'],
    ["HoldOrder --table orders --event held", 2, "Did you mean Held?"],
    ["MoveInventory --table orders", 4, "specs/move-inventory.usecase.yaml is there already."],
  ])("%s is refused", async (line, code, message) => {
    expect(await run("fine", `scaffold ${line}`)).toMatchObject({ code, out: "", err: expect.stringContaining(message) });
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
      "lint --rule state/not-unique=warnin",
      "error: --rule state/not-unique=warnin is not of the form <id>=<severity>.\nDid you mean --rule state/not-unique=warning?\n",
    ],
    ["lint --rule spec/schema=off", "error: Rule spec/schema cannot be changed.\n"],
    ["check --only ouput", 'error: There is no part "ouput" to check.\nDid you mean output?\n'],
    ["check --only x", "The parts are lint, output, handlers, migrations.\n"],
    ["lint --max-warnings many", "error: option '--max-warnings <count>' argument 'many' is invalid."],
    ["lint spec", 'error: No spec matches "spec".\nDid you mean specs?\n'],
    ["lint specs/move-inventry.usecase.yaml", "Did you mean specs/move-inventory.usecase.yaml?\n"],
    ["lint specs/*.nothing", 'error: No spec matches "specs/*.nothing".\n'],
    ["lint -", "error: What comes from standard input needs a name.\n"],
    ["lint --stdin-filename a.usecase.yaml", "error: --stdin-filename is for standard input.\n"],
    ["lint --config nowhere.yaml", "error: There is no configuration nowhere.yaml.\n"],
    ["lint --cwd /", "error: There is no usecase.config.yaml in / or above it.\n"],
    ["explain state/not-uniqe", 'error: There is no rule "state/not-uniqe".\nDid you mean state/not-unique?\n'],
    ["explain", "error: missing required argument 'subject'\n"],
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
    for (const name of ["check", "explain", "generate", "init", "lint", "rules", "scaffold"])
      expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(out).toContain("Exit codes: 0 fine");
  });

  test.each([["check"], ["explain"], ["generate"], ["init"], ["lint"], ["rules"], ["scaffold"]])(
    "of %s has two examples and the common options",
    async (name) => {
      const { code, out } = await run("fine", `${name} --help`);
      expect(code).toBe(0);
      expect(out.match(/^ {2}\$ usecase /gm)?.length).toBeGreaterThanOrEqual(2);
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

describe("explain", () => {
  test("of a line of generated code shows the spec's", async () => {
    const file = `${root}generated-example/src/usecases/pay-order/pay-order.gen.ts`;
    const line =
      readText(file)
        .split("\n")
        .findIndex((text) => text.includes('action: "order.paid"')) + 1;
    const { code, out } = await run("../../", ["explain", `${file}:${line}:5`]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /:\d+ is made from specs\/pay-order\.usecase\.yaml:\d+:11 {2}audit\.action\n.*\n.* action: order\.paid\n.* \^{10}\n$/,
    );
    const json = JSON.parse((await run("../../", ["explain", `${file}:${line}`, "--json"])).out);
    expect(json).toMatchObject({ version: 1, line, useCase: "PayOrder", own: false, from: { path: "audit.action", column: 11 } });
  });

  test("of a project with errors shows the errors", async () => {
    expect(await run("broken", "explain PayOrder")).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^specs\/move-inventory\.usecase\.yaml:19:32 error/),
      err: "Not explained: a project with errors is not executed.\n",
    });
  });

  test.each([
    ["PayOrdr", 'There is no use case "PayOrdr".\nDid you mean PayOrder?\n'],
    ["not-unique", 'There is no use case "not-unique".\nDid you mean state/not-unique?\n'],
    ["Xyz", "There are AddOrderLine, CancelOrder, CreateOrder, ExpireReservation, GetOrder"],
    ["specs/order.machine.yaml", "There is no use case"],
    ["nowhere.gen.ts:3", "There is no file nowhere.gen.ts.\n"],
    ["generated-example/src/db/schema.ts:999", "there is no line 999.\n"],
    [
      "generated-example/src/db/schema.ts:1",
      "is not made from a spec of this project.\nGenerated files are in generated-example/src/usecases.\n",
    ],
  ])("of %s is wrong usage", async (subject, message) => {
    const { code, out, err } = await run("fine", ["explain", subject]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });
});

test("explain of a rule says why, and how it should be", async () => {
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
    prompts: scriptedPrompts([]),
  };
  const lines: string[] = [];
  expect(await main(["rules"], broken)).toBe(3);
  expect(lines.join("")).toMatch(
    /^error: usecase itself failed.*\n {2}usecase \S+, Node v.*\n {2}usecase rules\n {2}TypeError: no such stream\n/,
  );
});
