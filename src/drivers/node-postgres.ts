import { createConnection, isIP } from "node:net";
import type { ConnectionOptions, TLSSocket } from "node:tls";
import type { Pool, PoolClient, QueryArrayConfig, QueryArrayResult } from "pg";
import type { BurstItem, Driver, SqlText } from "../runtime/ports.js";
import { cancelRequest, type Security } from "./cancel-request.js";
import { type Answer, type Connection, lendSession } from "./lend-session.js";
import { sendAsOne } from "./node-postgres-burst.js";
import { toDatabaseError } from "./to-database-error.js";

export interface NodePostgresOptions {
  /**
   * Whether statements are prepared, which is faster; default true. A pooler that lends a server's connection for one
   * transaction at a time and does not keep track of prepared statements needs `false`: PgBouncer before 1.21, or
   * without `max_prepared_statements`.
   */
  readonly prepare?: boolean;
}

/**
 * Use cases over node-postgres 8.23 or later. `pipeline: true` in the pool's options lets a burst travel in one round
 * trip; without it (for poolers that cannot) statements go one by one.
 *
 * ```ts
 * const driver = nodePostgres(new Pool({ connectionString, pipeline: true }));
 * ```
 *
 * The pool stays the caller's: to use for other things, and to end. It gets a listener for `error`, without which the
 * end of an idle connection would end the process.
 */
export function nodePostgres(pool: Pool, { prepare = true }: NodePostgresOptions = {}): Driver {
  const texts = new Map<string, string>();
  guardPool(pool);

  return {
    name: "node-postgres",
    async session(work) {
      const client = await pool.connect().catch((failure: unknown) => {
        throw toDatabaseError(failure);
      });
      guardClient(client);
      const giveBack = (reusable: boolean) => {
        // One that does not answer would be asked to end, and waited for.
        if (!reusable) client.connection.stream.destroy();
        client.release(!reusable);
      };
      return lendSession(connectionOver(client, prepare), { texts, giveBack }, work);
    },
    close: () => Promise.resolve(),
  };
}

const guarded = new WeakSet<Pool | PoolClient>();

function guardPool(pool: Pool): void {
  if (guarded.has(pool)) return;
  guarded.add(pool);
  pool.on("error", () => {});
  pool.on("connect", guardClient);
}

/** For the client's whole life: the pool's own listener is off while the client is lent. */
function guardClient(client: PoolClient): void {
  if (guarded.has(client)) return;
  guarded.add(client);
  client.on("error", () => {});
}

/** What pg knows of the back end, and its types do not tell. */
interface BackEnd {
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
  readonly ssl: boolean | ConnectionOptions;
  readonly sslNegotiation: string;
}

/** As pg itself does it; undefined for a connection without TLS. */
function securityOf(client: PoolClient): Security | undefined {
  if ((client.connection.stream as Partial<TLSSocket>).encrypted !== true) return undefined;
  const { host, ssl, sslNegotiation } = client as unknown as BackEnd;
  const given = typeof ssl === "object" ? ssl : {};
  // pg hides the key from those who look at its options.
  const key = given.key === undefined ? {} : { key: given.key };
  const options = { host, ...given, ...key, ...(isIP(host) === 0 && { servername: host }) };
  return { options, direct: sslNegotiation === "direct", optional: false };
}

function connectionOver(client: PoolClient, prepare: boolean): Connection {
  // pg reports a failure before it has heard in which state that left the transaction.
  let inDoubt = false;
  return {
    async send(items) {
      const inTransaction = inDoubt || client.getTransactionStatus() !== "I";
      inDoubt = true;
      const answers = await (prepare ? sendAll(client, items, inTransaction) : sendInParts(client, items.map(unprepared)));
      const last = answers.at(-1);
      inDoubt = last !== undefined && "failure" in last;
      return answers;
    },
    cancel() {
      const { host, port, processID, secretKey } = client as unknown as BackEnd;
      const socket = createConnection(host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
      return cancelRequest(socket, processID, secretKey, securityOf(client));
    },
    inTransaction: () => inDoubt || client.getTransactionStatus() !== "I",
  };
}

async function sendAll(client: PoolClient, items: readonly BurstItem[], inTransaction: boolean): Promise<readonly Answer[]> {
  const asOne =
    client.pipeline && items.length > 1 && (inTransaction || begins(items[0])) && items.every(([{ name }]) => name !== undefined);
  if (!asOne) return sendInParts(client, items);
  const answers = await sendAsOne(client, items);
  const last = answers.at(-1);
  // A COMMIT behind a failure was not executed; it is to have ended the transaction all the same.
  if (last !== undefined && "failure" in last && ends(items.at(-1))) await query(client, [{ text: "rollback" }]);
  return answers;
}

/** Parameters go with a text, too; pg only calls them prepared when they have a name. */
const unprepared = ([{ text }, parameters]: BurstItem): BurstItem => (parameters === undefined ? [{ text }] : [{ text }, parameters]);

const begins = (item: BurstItem | undefined) => item !== undefined && /^begin\b/i.test(item[0].text);
const ends = (item: BurstItem | undefined) => item !== undefined && /^(commit|rollback)$/i.test(item[0].text);

function sendInParts(client: PoolClient, items: readonly BurstItem[]): Promise<readonly Answer[]> {
  return client.pipeline ? sendTogether(client, items) : sendInTurn(client, items);
}

function sendTogether(client: PoolClient, items: readonly BurstItem[]): Promise<readonly Answer[]> {
  const { stream } = client.connection;
  // One packet for all: each statement alone would be a write of its own.
  stream.cork();
  try {
    return Promise.all(items.map((item) => query(client, item)));
  } finally {
    stream.uncork();
  }
}

async function sendInTurn(client: PoolClient, items: readonly BurstItem[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  // Also after a failure, as if they were on their way already: a COMMIT then ends the failed transaction.
  for (const item of items) answers.push(await query(client, item));
  return answers;
}

const asText = { getTypeParser: () => (value: unknown) => value };

function query(client: PoolClient, [{ name, text, describe }, parameters]: BurstItem): Promise<Answer> {
  const named: Partial<QueryArrayConfig> = { ...(name !== undefined && { name }), ...(parameters && { values: [...parameters] }) };
  return client.query<SqlText[]>({ ...named, text, rowMode: "array", types: asText }).then(
    (answer) => {
      // Of several commands pg makes a list, which its types do not say.
      const results = [answer].flat() as readonly QueryArrayResult<SqlText[]>[];
      const last = results.at(-1);
      const result = { rows: last?.rows ?? [], command: last?.command ?? "" };
      const columns = () => (last?.fields ?? []).map((field) => ({ name: field.name, type: field.dataTypeID }));
      return { result: describe ? { ...result, columns: columns() } : result };
    },
    (failure: unknown) => ({ failure: toDatabaseError(failure) }),
  );
}
