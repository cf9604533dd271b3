import { createConnection, isIP, type Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";
import postgres, { type ParsedOptions, type PendingQuery, type Row } from "postgres";
import { DatabaseError } from "../runtime/database-error.js";
import type { BurstItem, ResultColumn, SqlText } from "../runtime/ports.js";
import { cancelRequest, type Security } from "./cancel-request.js";
import type { PooledConnection } from "./connection-pool.js";
import type { Answer, Connection } from "./lend-session.js";
import { toDatabaseError } from "./to-database-error.js";

/** One connection of postgres.js, made with the options of somebody's `sql`; it never opens another one by itself. */
export async function openConnection(options: ParsedOptions): Promise<Connection & PooledConnection> {
  let dead: DatabaseError | undefined;
  let onDeath: (failure: DatabaseError) => void = () => {};
  const die = (message: string) => {
    dead ??= new DatabaseError(message, { connectionLost: true });
    onDeath(dead);
  };
  const own = { ...ownOptions(options), onclose: () => die("The connection to the database ended.") };
  // Options that hold `shared` are taken as they are, so what is written here is what the client goes by.
  const client = postgres(own as object);
  const close = () => {
    die("The connection is closed.");
    return client.end({ timeout: 0 });
  };
  const giveUp = () => {
    // A server that hangs up at the start is called again and again, and closing does not call off a call that is due:
    // it could yet bring about a connection that belongs to nobody. Now there is no socket to be had.
    own.socket = () => Promise.reject(new Error("given up"));
    void close();
  };

  // Reserving before there is a connection would never answer if none came about; a query does.
  const first: Query = client.unsafe("select 1");
  await within(options.connect_timeout, first).catch((failure: unknown) => {
    giveUp();
    throw toDatabaseError(failure);
  });
  const reserved = await client.reserve();
  const expires = Date.now() + lifetime(options) * 1000;
  let inTransaction = false;

  return {
    get dead() {
      return dead;
    },
    isExpired: () => Date.now() > expires,
    close,
    inTransaction: () => inTransaction,
    async cancel() {
      if (first.state === undefined) return;
      const socket = await own.sameSocket();
      await cancelRequest(socket, first.state.pid, first.state.secret, securityOf(options, socket));
    },
    async send(items) {
      if (dead !== undefined) throw dead;
      inTransaction ||= items.some(mayBegin);
      // Some of what was sent is never answered when the connection ends.
      const death = new Promise<never>((_, reject) => {
        onDeath = reject;
      });
      const answers = await Promise.race([Promise.all(items.map((item) => query(reserved, item))), death]);
      const last = answers.at(-1);
      if (last !== undefined && "result" in last && endsTransaction(items.at(-1))) inTransaction = false;
      return answers;
    },
  };
}

interface OwnOptions {
  socket: () => Socket | Promise<Socket>;
  /** To the server that was called last. */
  sameSocket: () => Socket | Promise<Socket>;
}

/** As postgres.js itself does it; undefined where it uses no TLS. */
function securityOf(
  { ssl, sslnegotiation }: ParsedOptions & { readonly sslnegotiation?: string },
  socket: Socket & { readonly host?: string },
): Security | undefined {
  if (!ssl) return undefined;
  const { host = "localhost" } = socket;
  const unverified = ssl === "require" || ssl === "allow" || ssl === "prefer";
  const options: ConnectionOptions = {
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(unverified && { rejectUnauthorized: false }),
    ...(typeof ssl === "object" && ssl),
  };
  return { options, direct: sslnegotiation === "direct", optional: ssl === "prefer" };
}

/**
 * postgres.js writes a long burst in several pieces, and leaves Nagle's algorithm on: the second piece would wait until
 * the first has been answered, which is a round trip more. What it calls for at each attempt to connect, one host after
 * the other, is a socket without that; it may write before the socket is connected.
 */
function promptSocket({ host, port, path }: ParsedOptions): OwnOptions {
  let attempts = 0;
  const call = (attempt: number) => {
    const place = attempt % port.length;
    const address = { host: host[place] ?? "localhost", port: port[place] ?? 5432 };
    if (path) return createConnection({ path });
    // It reads the name for TLS from the socket.
    return Object.assign(createConnection({ ...address, noDelay: true }), address);
  };
  return { socket: () => call(attempts++), sameSocket: () => call(attempts - 1) };
}

function ownOptions(options: ParsedOptions): OwnOptions {
  const { socket } = options as Partial<OwnOptions>;
  return {
    ...options,
    ...(socket === undefined ? promptSocket(options) : { socket, sameSocket: socket }),
    max: 1,
    idle_timeout: null,
    max_lifetime: null,
    // Everything is text, both ways, and the server is asked nothing beforehand.
    parsers: {},
    serializers: {},
    types: {},
    transform: { undefined: undefined, column: {}, value: {}, row: {} },
    fetch_types: false,
    parameters: {},
    shared: { retries: 0, typeArrayMap: {} },
    no_subscribe: true,
    onnotice: () => {},
  } as OwnOptions;
}

type Query = PendingQuery<Row[]> & { prepared?: boolean; readonly state?: { readonly pid: number; readonly secret: number } };

/** What postgres.js gives for rows as lists. */
type Rows = SqlText[][] & { readonly command?: string | null; readonly columns?: readonly ResultColumn[] };

async function query({ unsafe }: postgres.ReservedSql, [{ name, text, describe }, parameters]: BurstItem): Promise<Answer> {
  const options = {
    simple: name === undefined,
    // Unless the caller's own options say that nothing is to be prepared.
    prepare: name !== undefined,
    // Called when the statement has been written and others may follow. A prepared one that fails with 26000 or 0A000
    // would be sent again, behind a COMMIT that may be on its way already; one that is not known as prepared will not.
    onexecute() {
      pending.prepared = false;
      return true;
    },
  };
  const pending: Query = unsafe(text, [...(parameters ?? [])], options);
  try {
    const answer = (await pending.values()) as unknown as Rows | Rows[];
    // Of several commands with rows there is a list.
    const last = (answer as Rows).command === undefined ? (answer as Rows[]).at(-1) : (answer as Rows);
    const result = { rows: [...(last ?? [])], command: last?.command?.split(" ")[0] ?? "" };
    return {
      result: describe ? { ...result, columns: (last?.columns ?? []).map(({ name: column, type }) => ({ name: column, type })) } : result,
    };
  } catch (failure) {
    return { failure: toDatabaseError(failure) };
  }
}

// postgres.js does not tell the transaction's state, so the statements must.

/** A statement without name may hold any commands. */
const mayBegin = ([{ name, text }]: BurstItem) => name === undefined || /^\s*(begin|start)\b/i.test(text);

/** `rollback to savepoint` does not. */
const endsTransaction = (item: BurstItem | undefined) => item !== undefined && /^\s*(commit|rollback|end)\s*;?\s*$/i.test(item[0].text);

/** In seconds; postgres.js's default is a function, so that connections do not all end at once. */
function lifetime({ max_lifetime: limit }: ParsedOptions): number {
  const seconds: unknown = typeof limit === "function" ? (limit as () => unknown)() : limit;
  return typeof seconds === "number" && seconds > 0 ? seconds : Number.POSITIVE_INFINITY;
}

function within<Value>(seconds: number, promise: Promise<Value>): Promise<Value> {
  if (!seconds) return promise;
  return new Promise((resolve, reject) => {
    const timeout = () => reject(new DatabaseError(`No connection to the database within ${seconds} s.`, { connectionLost: true }));
    const timer = setTimeout(timeout, seconds * 1000);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
