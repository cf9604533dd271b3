import assert from "node:assert/strict";
import type { Driver, Session, SqlText, Statement } from "../../runtime/ports.js";

export interface OpenDriver {
  readonly driver: Driver;
  /** Also closes what the driver leaves to its caller, such as a pool. */
  close(): Promise<void>;
}

export interface DriverSubject {
  readonly name: string;
  /** An empty database, for one run. An embedded one needs no URL. */
  createDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }>;
  /** A driver with at most so many connections. */
  open(url: string, connections: number): Promise<OpenDriver>;
  /** Connections can be many, and can be cut. */
  readonly overNetwork: boolean;
  /** A burst is one round trip. */
  readonly pipelines: boolean;
  /** A server of one's own, where there is one that a test may restart; what it has acknowledged survives that. */
  startServer?(): Promise<RestartableServer>;
}

export interface RestartableServer {
  /** Of an empty database. */
  readonly url: string;
  /** Ends it, `fast` in an orderly way or `immediate` as a crash does, and starts it again at the same address. */
  restart(how: "fast" | "immediate"): Promise<void>;
  stop(): Promise<void>;
}

type Hook = (work: () => Promise<void>) => void;
export type DefineTest = (name: string, work: () => void | Promise<void>) => void;

/** Of vitest, or of another runner with functions of these shapes. */
export interface ConformanceRunner {
  readonly describe: (name: string, define: () => void) => void;
  readonly test: DefineTest;
  readonly beforeAll: Hook;
  readonly afterAll: Hook;
}

export interface SubjectUnderTest {
  prepare(): Promise<void>;
  cleanUp(): Promise<void>;
  url(): string;
  /** Opens a driver, at another URL if given, and closes it when `work` ends. */
  use(work: (driver: Driver) => Promise<void>, options?: { connections?: number; url?: string }): Promise<void>;
  /** An empty table with `id integer` as its key, `note text` unique, and `parent integer` referring to itself at COMMIT. */
  withTable(work: (table: string) => Promise<void>): Promise<void>;
  assertNothingEscaped(): void;
}

export function subjectUnderTest(subject: DriverSubject): SubjectUnderTest {
  let database: { readonly url: string; drop(): Promise<void> } | undefined;
  let tables = 0;
  const escaped: unknown[] = [];
  const note = (failure: unknown) => {
    escaped.push(failure);
  };
  const url = () => {
    if (database === undefined) throw new Error("There is no database yet.");
    return database.url;
  };
  const use: SubjectUnderTest["use"] = async (work, options = {}) => {
    const { driver, close } = await subject.open(options.url ?? url(), options.connections ?? 2);
    try {
      await work(driver);
    } finally {
      await driver.close();
      await close();
    }
  };
  return {
    async prepare() {
      process.on("uncaughtExceptionMonitor", note);
      process.on("unhandledRejection", note);
      database = await subject.createDatabase();
    },
    async cleanUp() {
      await database?.drop();
      process.off("uncaughtExceptionMonitor", note);
      process.off("unhandledRejection", note);
    },
    url,
    use,
    async withTable(work) {
      const table = `conformance_${++tables}`;
      const columns = `id integer primary key, note text constraint ${table}_note unique, parent integer`;
      const reference = `constraint ${table}_parent foreign key (parent) references ${table} deferrable initially deferred`;
      await use((driver) =>
        driver.session(async (session) => void (await run(session, `create table ${table} (${columns}, ${reference})`))),
      );
      await work(table);
    },
    assertNothingEscaped() {
      assert.deepEqual(escaped, []);
    },
  };
}

export const begin: Statement = { text: "begin" };
export const commit: Statement = { text: "commit" };

/** The name of a statement is its text here. */
export const named = (text: string): Statement => ({ name: text.slice(0, 60), text });

/** One statement by itself: its rows. */
export async function run(session: Session, text: string, parameters?: readonly SqlText[]): Promise<readonly (readonly SqlText[])[]> {
  const [result] = await session.burst(parameters === undefined ? [[{ text }]] : [[named(text), parameters]]);
  return result?.rows ?? [];
}

/** The ids in a table, as a session of its own sees them. */
export function idsOf(driver: Driver, table: string): Promise<readonly SqlText[]> {
  return driver.session(async (session) => (await run(session, `select id from ${table} order by id`)).map(([id]) => id ?? null));
}
