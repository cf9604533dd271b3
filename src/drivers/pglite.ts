import { type messages, type PGlite, protocol } from "@electric-sql/pglite";
import type { BurstItem, Driver, ResultColumn } from "../runtime/ports.js";
import { type DirectoryLock, lockDirectory } from "./directory-lock.js";
import { type Answer, type Connection, lendSession } from "./lend-session.js";
import { toDatabaseError } from "./to-database-error.js";

/**
 * Use cases over PGlite, a Postgres within the process.
 *
 * ```ts
 * const driver = pglite(new PGlite());
 * ```
 *
 * There is one connection: sessions, and whatever else uses the client, take turns, and a session that waits for a
 * query by way of the client waits for ever. A directory on disk is for one process at a time, which PGlite does not
 * see to: the first session leaves a file with the process id there, and refuses a directory that another living process
 * of this machine has marked so. The client stays the caller's to close, after the driver's `close()`.
 */
export function pglite(client: PGlite): Driver {
  const texts = new Map<string, string>();
  let lock: Promise<DirectoryLock> | undefined;
  const connection = connectionOver(client);

  return {
    name: "PGlite",
    async session(work) {
      await client.waitReady.catch((failure: unknown) => {
        throw toDatabaseError(failure);
      });
      lock ??= lockDirectory(directoryOf(client), client);
      await lock.catch((failure: unknown) => {
        // Whoever uses it may be gone when the next session asks.
        lock = undefined;
        throw failure;
      });
      const giveBack = (reusable: boolean) => (reusable ? undefined : connection.forgetStatements());
      // The client's own transactions and its single queries are exclusive by two different locks.
      return client._runExclusiveTransaction(() => client.runExclusive(() => lendSession(connection, { texts, giveBack }, work)));
    },
    async close() {
      await (await lock)?.release();
      lock = undefined;
    },
  };
}

/** Which statements a client's connection knows by name; several drivers may share one. */
const preparedStatements = new WeakMap<PGlite, Set<string>>();

function connectionOver(client: PGlite): Connection & { forgetStatements(): Promise<void> } {
  const prepared = preparedStatements.get(client) ?? new Set();
  preparedStatements.set(client, prepared);
  let inTransaction = false;

  const exchange = async (message: Uint8Array) => {
    const { messages } = await client.execProtocol(message, { throwOnError: false });
    for (const { name, status } of messages as readonly StatusMessage[]) if (name === "readyForQuery") inTransaction = status !== "I";
    return messages;
  };

  return {
    async send(items) {
      const unknown = new Set<string>();
      const received = await exchange(Buffer.concat(items.flatMap((item) => encode(item, prepared, unknown)))).catch((failure: unknown) => {
        throw toDatabaseError(failure);
      });
      const answers = received.reduce<BackendMessage[][]>(
        (groups, message) => {
          groups.at(-1)?.push(message);
          if (message.name === "readyForQuery") groups.push([]);
          return groups;
        },
        [[]],
      );
      return items.map(([{ name, describe }], index) => {
        const answer = answers[index] ?? [];
        if (name !== undefined && answer.some((message) => message.name === "parseComplete")) prepared.add(name);
        return answerOf(answer, describe === true);
      });
    },
    inTransaction: () => inTransaction,
    async forgetStatements() {
      prepared.clear();
      for (const text of ["rollback", "deallocate all"]) await exchange(protocol.serialize.query(text));
    },
  };
}

type BackendMessage = messages.BackendMessage;
type StatusMessage = BackendMessage & { readonly status?: string };

function encode([{ name, text, describe }, parameters = []]: BurstItem, prepared: ReadonlySet<string>, sent: Set<string>): Uint8Array[] {
  const { query, parse, bind, describe: columnsOf, execute, sync } = protocol.serialize;
  if (name === undefined) return [query(text)];
  const known = prepared.has(name) || sent.has(name);
  sent.add(name);
  const columns = describe ? [columnsOf({ type: "P" })] : [];
  const use = [bind({ statement: name, values: [...parameters] }), ...columns, execute({}), sync()];
  return known ? use : [parse({ name, text }), ...use];
}

function answerOf(received: readonly BackendMessage[], describe: boolean): Answer {
  let rows: (string | null)[][] = [];
  let command = "";
  let columns: readonly ResultColumn[] | undefined;
  for (const message of received) {
    if (message.name === "error") return { failure: toDatabaseError(message) };
    // Of several commands the last one's rows count.
    if (message.name === "rowDescription") {
      rows = [];
      columns = (message as messages.RowDescriptionMessage).fields.map(({ name, dataTypeID }) => ({ name, type: dataTypeID }));
    }
    if (message.name === "dataRow") rows.push([...(message as messages.DataRowMessage).fields]);
    if (message.name === "commandComplete") command = (message as messages.CommandCompleteMessage).text.split(" ")[0] ?? "";
  }
  return { result: { rows, command, ...(describe && { columns: columns ?? [] }) } };
}

function directoryOf({ dataDir }: PGlite): string | undefined {
  if (dataDir === undefined || /^(?!file:)[a-z-]+:\/\//.test(dataDir)) return undefined;
  return dataDir.replace(/^file:\/\//, "") || undefined;
}
