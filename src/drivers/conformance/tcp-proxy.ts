import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  /** The database by way of the proxy. */
  readonly url: string;
  /** How often something was sent to the server since it last answered. */
  turns(): number;
  /** Ends every connection, by a reset or by an orderly end. */
  cut(how: "reset" | "end"): void;
  /** Ends all connections, and new ones as soon as they come, until told otherwise. */
  refuse(refusing: boolean): void;
  close(): Promise<void>;
}

/** Stands between a driver and its server, on a port of its own. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const clients = new Set<Socket>();
  let turns = 0;
  let refusing = false;
  const proxy = createServer((client) => {
    if (refusing) {
      client.on("error", () => {});
      client.resetAndDestroy();
      return;
    }
    let clientSpokeLast = false;
    const server = connect(Number(port || 5432), hostname);
    client.setNoDelay(true);
    server.setNoDelay(true);
    clients.add(client);
    client.on("data", (chunk) => {
      if (!clientSpokeLast) turns++;
      clientSpokeLast = true;
      server.write(chunk);
    });
    server.on("data", (chunk) => {
      clientSpokeLast = false;
      client.write(chunk);
    });
    const end = () => {
      clients.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on("close", end).on("error", end);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((proxy.address() as AddressInfo).port);
  const cut = (how: "reset" | "end") => {
    for (const client of clients) {
      if (how === "reset") client.resetAndDestroy();
      // What the client sends from now on arrives nowhere.
      else client.removeAllListeners("data").resume().end();
    }
  };
  return {
    url: url.href,
    turns: () => turns,
    cut,
    refuse(whether) {
      refusing = whether;
      if (refusing) cut("reset");
    },
    async close() {
      proxy.close();
      cut("reset");
      await once(proxy, "close");
    },
  };
}
