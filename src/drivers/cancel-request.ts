import { once } from "node:events";
import type { Socket } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";

const codes = { cancel: 80_877_102, tls: 80_877_103 };

/** How the connection was secured whose statement is to be cancelled: another one to the same server is secured like it. */
export interface Security {
  readonly options: ConnectionOptions;
  /** Without asking the server first (`sslnegotiation=direct`). */
  readonly direct: boolean;
  /** Whether to go on without TLS where the server offers none (`sslmode=prefer`). */
  readonly optional: boolean;
}

/**
 * Asks a server, over a connection of its own, to cancel what one of its back ends is doing. Resolves when the server has
 * hung up, and so has told the back end.
 */
export async function cancelRequest(socket: Socket, pid: number, secret: number, security?: Security): Promise<void> {
  const closed = once(socket, "close");
  closed.catch(() => {});
  // A server that is not there any more is not waited for.
  socket.setTimeout(5_000, () => socket.destroy()).unref();
  const stream = security === undefined ? socket : await secured(socket, closed, security);
  stream.end(message(codes.cancel, pid, secret)).resume();
  await closed;
}

async function secured(socket: Socket, closed: Promise<unknown>, { options, direct, optional }: Security): Promise<Socket> {
  if (!direct) {
    socket.write(message(codes.tls));
    const [answer] = (await Promise.race([once(socket, "data"), closed])) as readonly unknown[];
    if (String(answer) !== "S") {
      if (String(answer) === "N" && optional) return socket;
      socket.destroy();
      throw new Error("The server does not offer TLS any more.");
    }
  }
  const stream: TLSSocket = connect({ ...options, ...(direct && { ALPNProtocols: ["postgresql"] }), socket });
  stream.on("error", () => {});
  await Promise.race([
    once(stream, "secureConnect"),
    once(stream, "close").then(() => Promise.reject(new Error("The server has hung up."))),
  ]);
  return stream;
}

function message(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * (values.length + 1));
  // A secret is 32 bits, which one client reads with a sign and another without.
  for (const [index, value] of [buffer.length, ...values].entries()) buffer.writeUInt32BE(value >>> 0, 4 * index);
  return buffer;
}
