import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  /** The database by way of the proxy. */
  readonly url: string;
  /** How often something was sent to the server after it had answered. */
  turns(): number;
  /** Ends every connection, by a reset or by an orderly end. Resolves when all are closed, at both ends if it is orderly. */
  cut(how: "reset" | "end"): Promise<void>;
  /** Ends each later connection at a moment of its own; `connection` counts them from 0. */
  ration(moment: (connection: number) => Moment): void;
  /** Ends whichever connection is the next one to send something, then. */
  loseNext(lost: Moment["lost"]): void;
  /** How long each chunk is held back, in each direction: half a round trip. */
  delay(milliseconds: number): void;
  /** From now on hands on what the server answers byte by byte. */
  crumble(): void;
  /** From now on keeps back what the server answers, until it is released, in its order. */
  hold(): Hold;
  /** From now on nothing comes through, in either direction, and nobody is told: the other end is gone, as after a power cut. */
  stall(): void;
  /** The same from the moment at which a client sends this text, which still arrives. */
  stallAfter(text: string): void;
  /** Ends all connections, and new ones as soon as they come, until told otherwise. */
  refuse(refusing: boolean): void;
  close(): Promise<void>;
}

export interface Moment {
  /** At the so-manieth time that the client sends something after an answer; connecting takes two or three. */
  readonly turn: number;
  /** `request`: the server never sees what was sent; `answer`: it does, but the client never learns what came of it. */
  readonly lost: "request" | "answer";
}

export interface Hold {
  /** Resolves when there is an answer to keep back. */
  readonly answered: Promise<void>;
  release(): void;
}

/** Stands between a driver and its server, on a port of its own. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const clients = new Set<Socket>();
  let turns = 0;
  let moment: ((connection: number) => Moment) | undefined;
  let connections = 0;
  let next: Moment["lost"] | undefined;
  let delayed = 0;
  let crumbling = false;
  let refusing = false;
  let stalled = false;
  let last: string | undefined;
  let held: { readonly answers: (() => void)[]; onAnswer(): void } | undefined;
  const later = (action: () => void) => {
    // Timers of one length fire in the order in which they were set, so that the chunks keep theirs.
    if (delayed === 0) action();
    else setTimeout(action, delayed);
  };
  const proxy = createServer((client) => {
    if (refusing) {
      client.on("error", () => {});
      client.resetAndDestroy();
      return;
    }
    let clientSpokeLast = false;
    let ownTurns = 0;
    const end = moment?.(connections++);
    let ending: Moment["lost"] | undefined;
    const isOver = (lost: Moment["lost"]) => ending === lost || (end !== undefined && ownTurns >= end.turn && end.lost === lost);
    const server = connect(Number(port || 5432), hostname);
    client.setNoDelay(true);
    server.setNoDelay(true);
    clients.add(client);
    client.on("data", (chunk) => {
      if (stalled) return;
      if (last !== undefined && chunk.includes(last)) stalled = true;
      if (!clientSpokeLast) {
        turns++;
        ownTurns++;
      }
      clientSpokeLast = true;
      ending ??= next;
      next = undefined;
      if (isOver("request")) client.resetAndDestroy();
      else later(() => server.write(chunk));
    });
    let handedOn = Promise.resolve();
    server.on("data", (chunk: Buffer) => {
      if (stalled) return;
      later(() => {
        clientSpokeLast = false;
      });
      if (held !== undefined) {
        held.answers.push(() => client.writable && client.write(chunk));
        held.onAnswer();
      } else if (isOver("answer")) client.resetAndDestroy();
      else if (crumbling) handedOn = handedOn.then(() => writeCrumbs(client, chunk));
      else later(() => client.writable && client.write(chunk));
    });
    const forget = () => {
      clients.delete(client);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on("close", forget).on("error", forget);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const url = new URL(target);
  url.hostname = "127.0.0.1";
  url.port = String((proxy.address() as AddressInfo).port);
  const cut = async (how: "reset" | "end") => {
    const closed = [...clients].map((client) => once(client, "close"));
    for (const client of clients) {
      if (how === "reset") client.resetAndDestroy();
      // What the client sends from now on arrives nowhere.
      else client.removeAllListeners("data").resume().end();
    }
    await Promise.all(closed);
  };
  return {
    url: url.href,
    turns: () => turns,
    cut,
    ration(ofConnection) {
      moment = ofConnection;
      connections = 0;
    },
    loseNext(lost) {
      next = lost;
    },
    delay(milliseconds) {
      delayed = milliseconds;
    },
    crumble() {
      crumbling = true;
    },
    hold() {
      let onAnswer = () => {};
      const answered = new Promise<void>((resolve) => {
        onAnswer = resolve;
      });
      const own = { answers: [] as (() => void)[], onAnswer };
      held = own;
      return {
        answered,
        release() {
          held = undefined;
          for (const answer of own.answers.splice(0)) answer();
        },
      };
    },
    stall() {
      stalled = true;
    },
    stallAfter(text) {
      last = text;
    },
    refuse(whether) {
      refusing = whether;
      if (refusing) void cut("reset");
    },
    async close() {
      proxy.close();
      void cut("reset");
      await once(proxy, "close");
    },
  };
}

async function writeCrumbs(client: Socket, chunk: Buffer): Promise<void> {
  for (const byte of chunk) {
    if (client.writable) client.write(Buffer.of(byte));
    // Long enough for the other end, in this process, to read it before the next one comes.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}
