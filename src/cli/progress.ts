import type { Io } from "./io.js";

/** Says on the terminal what is going on, if it takes more than 300 ms; the line is gone afterwards. */
export async function withProgress<T>({ stderr }: Io, quiet: boolean, what: string, work: () => Promise<T>): Promise<T> {
  if (!stderr.isTTY || quiet) return work();
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    stderr.write(`${what} …`);
  }, 300);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (shown) stderr.write("\r\u001b[2K");
  }
}
