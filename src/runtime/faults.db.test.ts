// Every statement of every sample use case, with a fault before it is sent, after it is sent, and after its answer: a
// failure, a cut connection, a killed process, an answer that comes after the deadline or never. Nothing may be left
// half-done, and the same key again gives one effect.
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTcpProxy, type TcpProxy } from "../drivers/conformance/tcp-proxy.js";
import { long } from "../testing/long.js";
import { type ExampleDatabase, openExampleDatabase, type Shop, shopState } from "../testing/server/fixtures/example.js";
import { type ExampleCall, exampleCases } from "../testing/server/fixtures/example-cases.js";
import type { KillOrder } from "../testing/server/fixtures/example-process.js";
import { networkDrivers } from "../testing/server/fixtures/network-drivers.js";
import { compileProgram, type Program } from "../testing/server/fixtures/programs.js";
import { exampleCore, sampleIndex } from "../testing/server/fixtures/sample-use-cases.js";
import { type Moment, moments, type Strike, sendUpTo, struckDriver } from "../testing/server/fixtures/struck-driver.js";
import type { UseCaseCore } from "./core.js";
import { DatabaseError } from "./database-error.js";
import { UseCaseError } from "./errors.js";
import type { Statement } from "./ports.js";

/** Processes and silent servers take their time: the short form tries them with one use case over one driver. */
const chance = Number(process.env["FAULTS_SEED"] ?? Math.floor(Math.random() * 1_000));
const cases = Object.entries(exampleCases);
const sampled = (name: string, driverName: string) =>
  isDeepStrictEqual(
    [name, driverName],
    [cases[chance % cases.length]?.[0], networkDrivers[Math.floor(chance / cases.length) % networkDrivers.length]?.[0]],
  );

let database: ExampleDatabase;
let steady: UseCaseCore;
const escaped: unknown[] = [];
const onEscape = (error: unknown) => void escaped.push(error);
beforeAll(async () => {
  database = await openExampleDatabase();
  steady = exampleCore(database.driver);
  process.on("uncaughtException", onEscape).on("unhandledRejection", onEscape);
});
afterAll(async () => {
  process.off("uncaughtException", onEscape).off("unhandledRejection", onEscape);
  await database.close();
});

/** What a caller learns of a call that a fault has struck. */
interface Attempt {
  readonly told: "answered" | "failed" | "aborted" | "unknown" | "killed";
  readonly error?: unknown;
}

/** A way to strike one statement of one call. */
type Fault = (call: ExampleCall, at: number) => Promise<Attempt>;

const attempt = (core: UseCaseCore, { useCase, command, context }: ExampleCall, signal?: AbortSignal): Promise<Attempt> =>
  core.execute(database.useCases[useCase], command, { ...context, signal }).then(
    () => ({ told: "answered" }),
    (error: unknown) => {
      if (error === signal?.reason) return { told: "aborted" };
      const isUnknown = error instanceof UseCaseError && isDeepStrictEqual(error.details, { outcome: "unknown" });
      return { told: isUnknown ? "unknown" : "failed", error };
    },
  );

/** What the server itself answers to a statement that fails. */
const failing: Statement = { text: "do $$ begin raise exception 'injected' using errcode = '57014'; end $$" };

const error =
  (moment: Moment): Strike =>
  async (session, items, index) => {
    if (moment === "before send") {
      await sendUpTo(session, items, index);
      throw new DatabaseError("injected", { sqlState: "57014", connectionLost: false });
    }
    // What follows is on its way already, the commit included.
    return session.burst(items.toSpliced(moment === "after send" ? index : index + 1, 0, [failing]));
  };

const cut =
  (proxy: TcpProxy, moment: Moment): Strike =>
  async (session, items, index) => {
    if (moment === "after reply") {
      await sendUpTo(session, items, index + 1);
      await proxy.cut("reset");
      if (index + 1 === items.length) throw new DatabaseError("cut", { connectionLost: true });
      return session.burst(items.slice(index + 1));
    }
    await sendUpTo(session, items, index);
    proxy.loseNext(moment === "before send" ? "request" : "answer");
    return session.burst(items.slice(index));
  };

/** The deadline comes when the server has answered and the client does not know it yet: the answer comes later, or not at all. */
const delay =
  (proxy: TcpProxy, deadline: AbortController, arrives: "late" | "never"): Strike =>
  async (session, items, index, signal) => {
    await sendUpTo(session, items, index);
    const held = proxy.hold();
    const answers = session.burst(items.slice(index), signal);
    answers.catch(() => {});
    await held.answered;
    deadline.abort(new Error("Too late."));
    if (arrives === "late") held.release();
    return answers;
  };

/** Processes are started before they are wanted. */
function killer(program: Program, url: string, driver: string) {
  const waiting = [program.start(), program.start()];
  return {
    fault:
      (moment: Moment): Fault =>
      async (call, at) => {
        const { child, killed } = waiting.shift() ?? program.start();
        waiting.push(program.start());
        child.send({ url, driver, at, moment, call } satisfies KillOrder);
        await killed;
        return { told: "killed" };
      },
    async end() {
      for (const { child } of waiting) child.kill("SIGKILL");
      await Promise.all(waiting.map(({ killed }) => killed));
    },
  };
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
  for (let attempts = 1; ; attempts++) {
    try {
      return await core.execute(database.useCases[useCase], command, context);
    } catch (failure) {
      // A cut connection's transaction holds the key until the server has noticed.
      if (!(failure instanceof UseCaseError) || !failure.retryable || attempts === 400) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** What must have been done after a fault; undefined where both are right, because a commit was on its way. */
function expected(kind: string, moment: string, statement: string, { told }: Attempt): "all" | "nothing" | undefined {
  if (kind === "delay") return told === "answered" ? "all" : told === "aborted" ? "nothing" : undefined;
  if (moment === "after reply" && statement === "commit") return "all";
  return moment === "after send" && kind !== "error" && ["lock event keys", "write", "commit"].includes(statement) ? undefined : "nothing";
}

describe.each(networkDrivers)("faults over %s", (driverName, open) => {
  let program: Program;
  beforeAll(async () => {
    const source = new URL("../testing/server/fixtures/example-process.ts", import.meta.url);
    program = await compileProgram(source, { "use-cases": sampleIndex });
  });
  afterAll(() => program.remove());

  test.each(cases)("%s", { timeout: 600_000 }, async (name, prepare) => {
    const proxy = await startTcpProxy(database.url);
    const opened = open(proxy.url, 1);
    const stateOf = (shop: Shop) => shopState(database, shop);
    const clean = await prepare(database, steady);
    const untouched = await stateOf(clean.shop);
    const statements: Statement[] = [];
    const watched = struckDriver(opened.driver, -1, () => expect.fail(), statements);
    expect(await attempt(exampleCore(watched), clean)).toEqual({ told: "answered" });
    const done = await stateOf(clean.shop);
    expect(done).not.toEqual(untouched);

    const strike =
      (by: Strike): Fault =>
      (call, at) =>
        attempt(exampleCore(struckDriver(opened.driver, at, by)), call);
    const delayed =
      (arrives: "late" | "never"): Fault =>
      async (call, at) => {
        const own = await startTcpProxy(database.url);
        const behind = open(own.url, 1);
        const deadline = new AbortController();
        const driver = struckDriver(behind.driver, at, delay(own, deadline, arrives));
        const answer = await attempt(exampleCore(driver), call, deadline.signal);
        await behind.close();
        await own.close();
        return answer;
      };
    const all = long || sampled(name, driverName);
    const kills = all ? killer(program, database.url, driverName) : undefined;
    const columns: (readonly [kind: string, moment: string, fault: Fault])[] = [
      ...moments.map((moment) => ["error", moment, strike(error(moment))] as const),
      ...moments.map((moment) => ["cut", moment, strike(cut(proxy, moment))] as const),
      ...(kills ? moments.map((moment) => ["kill", moment, kills.fault(moment)] as const) : []),
      ...(all ? (["late", "never"] as const).map((arrives) => ["delay", arrives, delayed(arrives)] as const) : []),
    ];

    const begun = statements.map(nameOf).lastIndexOf("begin");
    const wrong: unknown[] = [];
    const cell = async (statement: string, at: number, [kind, moment, fault]: (typeof columns)[number]) => {
      const call = await prepare(database, steady);
      const struck = await fault(call, at);
      const left = await stateOf(call.shop);
      // By way of the same connection where there is one still.
      const core = kind === "error" || kind === "cut" ? exampleCore(opened.driver) : steady;
      const answer = await insist(core, call).catch((failed: unknown) => ({ failed, replayed: undefined }));
      const end = await stateOf(call.shop);
      const outcome = answer.replayed === true ? "all" : "nothing";
      // What comes before the transaction only looks.
      const sure = expected(kind, moment, at < begun ? "look" : statement, struck);
      // What was on its way when the connection was lost may take effect a moment later: as a whole, too.
      const mayBeLeft = (sure ?? outcome) === "nothing" ? [untouched] : sure === "all" ? [done] : [untouched, done];
      const ok =
        answer.replayed !== undefined &&
        outcome === (sure ?? outcome) &&
        mayBeLeft.some((state) => isDeepStrictEqual(left, state)) &&
        isDeepStrictEqual(end, done) &&
        (kind !== "delay" || struck.told !== "failed");
      if (!ok) wrong.push({ statement, kind, moment, struck, left, answer, end });
      return `${outcome}${kind === "delay" || struck.told === "answered" ? `, ${struck.told}` : ""}`;
    };
    const table = new Map(statements.map((statement, at) => [at, { name: nameOf(statement), cells: [] as string[] }]));
    for (const column of columns) {
      const row = async ([at, { name: statement, cells }]: [number, { readonly name: string; readonly cells: string[] }]) =>
        void cells.push(await cell(statement, at, column));
      // Those that wait have nothing in common, and wait together.
      if (column[0] === "delay") await Promise.all([...table].map(row));
      else for (const entry of table) await row(entry);
    }
    await kills?.end();
    await opened.close();
    await proxy.close();

    const line = (first: string, cells: readonly string[]) =>
      `  ${first.padEnd(24)} ${cells.map((text) => text.padEnd(19)).join("")}`.trimEnd();
    const head = line(
      "",
      columns.map(([kind, moment]) => `${kind} ${moment}`),
    );
    const lines = [...table.values()].map(({ name: statement, cells }) => line(statement, cells));
    const title = `${name} over ${driverName}: what a fault leaves (${table.size * columns.length} cells${long ? "" : `, FAULTS_SEED=${chance}`})`;
    // biome-ignore lint/suspicious/noConsole: the table is what this test has to say
    console.log([title, head, ...lines].join("\n"));
    expect(wrong).toEqual([]);
    expect(escaped).toEqual([]);
    // A fault that never struck would show as a table without it.
    expect(lines.join()).toContain("nothing");
    expect(lines.join()).toContain("all");
  });
});
