import type { Connection as PgConnection, PoolClient, Query } from "pg";
import type { BurstItem, SqlText, StatementResult } from "../runtime/ports.js";
import type { Answer } from "./lend-session.js";
import { messageWriter } from "./protocol-messages.js";
import { toDatabaseError } from "./to-database-error.js";

/** What node-postgres keeps of a connection's prepared statements: texts by name, those on their way apart. */
interface Connection extends PgConnection {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
}

/** One query to node-postgres: the statements of a burst, each prepared once and bound, and a single sync at the end. */
interface BurstQuery {
  submit(connection: Connection): void;
}

type QueryClass = typeof Query;

/** The answers up to the first failure. */
type Settle = (answers: readonly Answer[]) => void;

/**
 * Sends the statements of a burst, all of which have names, as one message of the extended protocol: the server answers
 * once, where a sync after each statement would have it answer, and the client wake up, for every one of them. What
 * follows a failure is then not executed, so this is for statements within a transaction.
 *
 * Nothing asks the server to describe rows: they are text, and whoever wrote the statement knows their columns.
 */
export function sendAsOne(client: PoolClient, items: readonly BurstItem[]): Promise<readonly Answer[]> {
  const Burst = burstClass((client.constructor as unknown as { readonly Query: QueryClass }).Query);
  return new Promise((resolve) => {
    // pg takes it for a query of its own, which it is.
    client.query(new Burst(items, resolve) as unknown as Query);
  });
}

const messages = messageWriter();

const classes = new WeakMap<QueryClass, ReturnType<typeof makeClass>>();

/** Of the `pg` that the client came from: there may be several. */
function burstClass(query: QueryClass): ReturnType<typeof makeClass> {
  const known = classes.get(query) ?? makeClass(query);
  classes.set(query, known);
  return known;
}

function makeClass(PgQuery: QueryClass) {
  class Burst implements BurstQuery {
    /** With a `query_timeout`, pg sets it: it ends the timer. */
    callback: (() => void) | undefined;
    readonly #items: readonly BurstItem[];
    readonly #settle: Settle;
    readonly #answers: Answer[] = [];
    /** Names whose statements were sent to be prepared. */
    readonly #parsed: string[] = [];
    #rows: SqlText[][] = [];

    constructor(items: readonly BurstItem[], settle: Settle) {
      this.#items = items;
      this.#settle = settle;
    }

    submit(connection: Connection): void {
      const { stream, parsedStatements: known, submittedNamedStatements: underWay } = connection;
      for (const [{ name = "", text }, values = []] of this.#items) {
        if (known[name] === undefined && underWay[name] === undefined) {
          messages.parse(name, text);
          known[name] = text;
          this.#parsed.push(name);
        }
        messages.execute(name, values);
      }
      const burst = messages.finish();
      if (stream.writable) stream.write(burst);
    }

    handleDataRow({ fields }: { readonly fields: SqlText[] }): void {
      this.#rows.push(fields);
    }

    handleCommandComplete({ text }: { readonly text: string }): void {
      const end = text.indexOf(" ");
      this.#answer({ rows: this.#rows, command: end < 0 ? text : text.slice(0, end) });
    }

    handleEmptyQuery(): void {
      this.#answer({ rows: [], command: "" });
    }

    handleError(failure: unknown, connection: Connection): void {
      // Which of them the server has prepared is not known; so it is asked to forget them, which is never an error.
      for (const name of this.#parsed) {
        delete connection.parsedStatements[name];
        if (connection.stream.writable) connection.close({ type: "S", name }, false);
      }
      this.#end([...this.#answers, { failure: toDatabaseError(failure) }]);
    }

    handleReadyForQuery(): void {
      this.#end(this.#answers);
    }

    #end(answers: readonly Answer[]): void {
      this.callback?.();
      this.#settle(answers);
    }

    #answer(result: StatementResult): void {
      this.#answers.push({ result });
      this.#rows = [];
    }
  }
  // pg pipelines what is an instance of its own class; its constructor would make much that is not needed here.
  Object.setPrototypeOf(Burst.prototype, PgQuery.prototype);
  return Burst;
}
