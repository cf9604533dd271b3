import type { Prompts } from "./prompts.js";

/** A stream that text goes to. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY: boolean;
  /** Of a terminal. */
  readonly columns?: number;
}

/** All that a command touches of the process: tests give their own. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: { readonly isTTY: boolean; read(): Promise<string> };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Writes a file at an absolute path, and its folder where that is missing. */
  writeFile(path: string, text: string): Promise<void>;
  readonly prompts: Prompts;
}
