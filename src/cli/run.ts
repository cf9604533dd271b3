import { mkdir, writeFile } from "node:fs/promises";
import module from "node:module";
import { dirname } from "node:path";
import type { Io } from "./io.js";
import { terminalPrompts } from "./terminal-prompts.js";

/** The command of `bin/`: the process's own streams, and its exit code. */
export async function run(): Promise<void> {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // `usecase lint | head`: the reader has what it wanted.
      if (error.code !== "EPIPE") throw error;
    });
  // Node 22.8 keeps what it has compiled between runs; it is asked before there is much to compile.
  (module as { enableCompileCache?(): void }).enableCompileCache?.();
  const { main } = await import("./main.js");
  // Not `process.exit`: what is still on its way to a pipe would be cut off.
  process.exitCode = await main(process.argv.slice(2), processIo());
}

function processIo(): Io {
  return {
    stdout: outputStream(process.stdout),
    stderr: outputStream(process.stderr),
    stdin: { isTTY: process.stdin.isTTY === true, read: readStdin },
    env: process.env,
    cwd: process.cwd(),
    async writeFile(path, text) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    prompts: terminalPrompts(),
  };
}

const outputStream = (stream: NodeJS.WriteStream) => ({
  write: (text: string) => stream.write(text),
  isTTY: stream.isTTY === true,
  // It changes with the window, under --watch too.
  get columns() {
    return stream.columns;
  },
});

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
