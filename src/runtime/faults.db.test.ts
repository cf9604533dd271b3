// Every statement of every sample use case, with a fault before it is sent, after it is sent, and after its answer: a
// failure, or a cut connection. Nothing may be left half-done, and the same key again gives one effect.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTcpProxy, type TcpProxy } from "../drivers/conformance/tcp-proxy.js";
import { type ExampleDatabase, exampleCore, openExampleDatabase, shopState } from "../testing/server/fixtures/example.js";
import { type ExampleCall, exampleCases } from "../testing/server/fixtures/example-cases.js";
import { networkDrivers, type OpenedDriver } from "../testing/server/fixtures/network-drivers.js";
import type { UseCaseCore } from "./core.js";
import { DatabaseError } from "./database-error.js";
import { UseCaseError } from "./errors.js";
import type { Driver, Session, Statement, StatementResult } from "./ports.js";

const moments = ["before send", "after send", "after reply"] as const;
const kinds = ["error", "cut"] as const;
type Fault = { readonly at: number; readonly moment: (typeof moments)[number]; readonly kind: (typeof kinds)[number] };

let database: ExampleDatabase;
const escaped: unknown[] = [];
const onEscape = (error: unknown) => void escaped.push(error);
beforeAll(async () => {
  database = await openExampleDatabase();
  process.on("uncaughtException", onEscape).on("unhandledRejection", onEscape);
});
afterAll(async () => {
  process.off("uncaughtException", onEscape).off("unhandledRejection", onEscape);
  await database.close();
});

/** What the server itself answers to a statement that fails. */
const failing: Statement = { text: "do $$ begin raise exception 'injected' using errcode = '57014'; end $$" };
const failure = () => new DatabaseError("injected", { sqlState: "57014", connectionLost: false });

/** The driver, with one fault; `seen` gets a name for each statement that is sent. */
function faulty(driver: Driver, proxy: TcpProxy, fault: Fault | undefined, seen: string[]): Driver {
  const burst = async (session: Session, items: Parameters<Session["burst"]>[0]): Promise<readonly StatementResult[]> => {
    const start = seen.length;
    seen.push(...items.map(([statement]) => nameOf(statement)));
    const index = fault === undefined ? -1 : fault.at - start;
    if (fault === undefined || index < 0 || index >= items.length) return session.burst(items);
    const upTo = (end: number) => (end === 0 ? [] : session.burst(items.slice(0, end)));
    const { moment, kind } = fault;
    if (kind === "error") {
      if (moment === "before send") {
        await upTo(index);
        throw failure();
      }
      // What follows is on its way already, the commit included.
      const place = moment === "after send" ? index : index + 1;
      return session.burst(items.toSpliced(place, 0, [failing]));
    }
    if (moment === "after reply") {
      await upTo(index + 1);
      await proxy.cut("reset");
      if (index + 1 === items.length) throw new DatabaseError("cut", { connectionLost: true });
      return session.burst(items.slice(index + 1));
    }
    await upTo(index);
    proxy.loseNext(moment === "before send" ? "request" : "answer");
    return session.burst(items.slice(index));
  };
  return { ...driver, session: (work) => driver.session((session) => work({ burst: (items) => burst(session, items) })) };
}

function nameOf({ text }: Statement): string {
  if (text.startsWith("begin")) return "begin";
  if (text.includes("pg_try_advisory_xact_lock")) return "claim";
  if (text.includes("usecase_audit")) return "write";
  if (text === "commit" || text === "rollback") return text;
  if (text.startsWith("select pg_advisory_xact_lock")) return "lock event keys";
  return `load ${/from "(\w+)"/.exec(text)?.[1] ?? text.slice(0, 30)}`;
}

/** Calls as a client does that knows its key: until it has an answer. */
async function insist(core: UseCaseCore, { useCase, command, context }: ExampleCall) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await core.execute(database.useCases[useCase], command, context);
    } catch (error) {
      // A cut connection's transaction holds the key until the server has noticed.
      if (!(error instanceof UseCaseError) || !error.retryable || attempt === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

describe.each(networkDrivers)("faults over %s", (driverName, open) => {
  let proxy: TcpProxy;
  let opened: OpenedDriver;
  let steady: UseCaseCore;
  beforeAll(async () => {
    proxy = await startTcpProxy(database.url);
    opened = open(proxy.url, 1);
    steady = exampleCore(database.driver);
  });
  afterAll(async () => {
    await opened.close();
    await proxy.close();
  });

  const attempt = async (core: UseCaseCore, { useCase, command, context }: ExampleCall) =>
    core.execute(database.useCases[useCase], command, context).then(
      () => undefined,
      (error: unknown) => error,
    );

  test.each(Object.entries(exampleCases))("%s", async (name, prepare) => {
    const clean = await prepare(database, steady);
    const untouched = await shopState(database, clean.shop);
    const statements: string[] = [];
    expect(await attempt(exampleCore(faulty(opened.driver, proxy, undefined, statements)), clean)).toBeUndefined();
    const done = await shopState(database, clean.shop);
    expect(done).not.toEqual(untouched);

    const table: string[] = [];
    const wrong: unknown[] = [];
    for (const [at, statement] of statements.entries()) {
      const cells: string[] = [];
      for (const kind of kinds) {
        for (const moment of moments) {
          const call = await prepare(database, steady);
          const error = await attempt(exampleCore(faulty(opened.driver, proxy, { at, moment, kind }, [])), call);
          const left = await shopState(database, call.shop);
          const answer = await insist(exampleCore(opened.driver), call).catch((failed: unknown) => ({ failed, replayed: undefined }));
          const end = await shopState(database, call.shop);
          cells.push(`${answer.replayed === true ? "all" : "nothing"}${error === undefined ? " (answered)" : ""}`);
          // What was on its way when the connection was cut may take effect a moment later: as a whole, too.
          const mayBeLeft = answer.replayed !== true ? [untouched] : kind === "cut" ? [untouched, done] : [done];
          if (!mayBeLeft.some((state) => isDeepStrictEqual(left, state)) || !isDeepStrictEqual(end, done))
            wrong.push({ statement, kind, moment, left, answer, end });
        }
      }
      table.push(`  ${statement.padEnd(30)} ${cells.map((cell) => cell.padEnd(19)).join("")}`.trimEnd());
    }
    const head = kinds.flatMap((kind) => moments.map((moment) => `${kind} ${moment}`.padEnd(19))).join("");
    // biome-ignore lint/suspicious/noConsole: the table is what this test has to say
    console.log([`${name} over ${driverName}: what a fault leaves`, `  ${"".padEnd(30)} ${head}`, ...table].join("\n"));
    expect(wrong).toEqual([]);
    expect(escaped).toEqual([]);
    // A fault that never struck would show as a table without it.
    expect(table.join()).toContain("nothing");
    expect(table.join()).toContain("all");
  });
});

describe("a killed process", () => {
  const jiti = createRequire(import.meta.url)
    .resolve("jiti/package.json")
    .replace("package.json", "lib/jiti-cli.mjs");
  const program = fileURLToPath(new URL("../testing/server/fixtures/example-process.ts", import.meta.url));

  test.each([
    ["MoveInventory", "loads", "nothing"],
    ["MoveInventory", "write", "nothing"],
    ["MoveInventory", "commit", "all"],
    ["ReserveInventory", "write", "nothing"],
  ])("%s, after the answer of %s: %s is done, and the same key again makes it one effect", async (name, moment, expected) => {
    const core = exampleCore(database.driver);
    const prepare = exampleCases[name] ?? expect.fail(name);
    const clean = await prepare(database, core);
    const untouched = await shopState(database, clean.shop);
    await insist(core, clean);
    const done = await shopState(database, clean.shop);

    const call = await prepare(database, core);
    const given = JSON.stringify({ url: database.url, moment, ...call });
    const child = spawn(process.execPath, [jiti, program, given], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
    expect(await shopState(database, call.shop)).toEqual(expected === "all" ? done : untouched);
    expect(await insist(core, call)).toMatchObject({ replayed: expected === "all" });
    expect(await shopState(database, call.shop)).toEqual(done);
  });
});
