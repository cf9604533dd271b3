import { once } from "node:events";
import type { Socket } from "node:net";

const cancelCode = 80_877_102;

/**
 * Asks a server, over a connection of its own, to cancel what one of its back ends is doing: without TLS, as the protocol
 * allows. Resolves when the server has hung up, and so has told the back end.
 */
export async function cancelRequest(socket: Socket, pid: number, secret: number): Promise<void> {
  const closed = once(socket, "close");
  const message = Buffer.alloc(16);
  // The secret is 32 bits, which one client reads with a sign and another without.
  for (const [index, value] of [16, cancelCode, pid, secret].entries()) message.writeUInt32BE(value >>> 0, 4 * index);
  // A server that is not there any more is not waited for.
  socket.setTimeout(5_000, () => socket.destroy()).unref();
  socket.end(message).resume();
  await closed;
}
