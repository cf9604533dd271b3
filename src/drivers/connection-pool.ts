/** Connections that are made when wanted, up to a number, and used again. */
export interface ConnectionPool<Connection> {
  /** Lends an idle connection, or a new one, or waits in turn for one. */
  take(): Promise<Connection>;
  give(connection: Connection, reusable: boolean): void;
  /** Resolves when every connection is given back and closed. */
  close(): Promise<void>;
}

export interface PooledConnection {
  /** Why it can serve no more, once it cannot; an idle one may die at any time. */
  readonly dead: Error | undefined;
  /** Whether it has served long enough. */
  isExpired(): boolean;
  close(): Promise<void>;
}

export function connectionPool<Connection extends PooledConnection>(
  size: number,
  open: () => Promise<Connection>,
): ConnectionPool<Connection> {
  const idle: Connection[] = [];
  const waiting: { resolve(connection: Connection): void; reject(failure: unknown): void }[] = [];
  const closings = new Set<Promise<void>>();
  let count = 0;
  let closed: (() => void) | undefined;

  const closedFailure = () => new Error("The driver is closed.");

  const discard = (connection: Connection) => {
    count--;
    const closing = connection.close().finally(() => closings.delete(closing));
    closings.add(closing);
  };

  const openNew = () => {
    count++;
    return open().catch((failure: unknown) => {
      count--;
      serveNext();
      throw failure;
    });
  };

  /** A place has become free: whoever waits longest gets a new connection there. */
  const serveNext = () => {
    if (closed !== undefined) {
      if (count === 0) closed();
      return;
    }
    if (count >= size) return;
    const next = waiting.shift();
    if (next !== undefined) openNew().then(next.resolve, next.reject);
  };

  return {
    async take() {
      if (closed !== undefined) throw closedFailure();
      for (let connection = idle.pop(); connection !== undefined; connection = idle.pop()) {
        if (connection.dead === undefined && !connection.isExpired()) return connection;
        discard(connection);
      }
      if (count < size) return openNew();
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    give(connection, reusable) {
      if (!reusable || connection.dead !== undefined || connection.isExpired() || closed !== undefined) {
        discard(connection);
        serveNext();
        return;
      }
      const next = waiting.shift();
      if (next === undefined) idle.push(connection);
      else next.resolve(connection);
    },
    async close() {
      if (closed === undefined) {
        const drained = new Promise<void>((resolve) => {
          closed = resolve;
        });
        for (const { reject } of waiting.splice(0)) reject(closedFailure());
        for (const connection of idle.splice(0)) discard(connection);
        serveNext();
        await drained;
      }
      await Promise.all(closings);
    },
  };
}
