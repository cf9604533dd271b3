// Messages of Postgres' extended protocol, one behind the other in one buffer: a burst is one write to the socket.
import type { SqlText } from "../runtime/ports.js";

export interface MessageWriter {
  /** Asks the server to prepare a statement. */
  parse(name: string, text: string): void;
  /** Binds texts to a prepared statement, and executes it. Its rows come back as texts, without a description. */
  execute(name: string, parameters: readonly SqlText[]): void;
  /** The messages so far with a sync behind them; what follows begins anew. */
  finish(): Buffer;
}

const code = { parse: 0x50, bind: 0x42, execute: 0x45, sync: 0x53 };
const usualSize = 32_768;

/** Collects messages in memory that is used again, since nothing is asynchronous before they are finished. */
export function messageWriter(): MessageWriter {
  let buffer = Buffer.allocUnsafeSlow(usualSize);
  let end = 0;

  const reserve = (bytes: number) => {
    if (end + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, end + bytes));
    buffer.copy(larger, 0, 0, end);
    buffer = larger;
  };
  const int32At = (at: number, value: number) => {
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
  };
  const int16 = (value: number) => {
    reserve(2);
    buffer[end++] = value >>> 8;
    buffer[end++] = value;
  };
  /** No UTF-16 unit takes more than three bytes in UTF-8. */
  const text = (value: string) => {
    reserve(value.length * 3 + 1);
    end += buffer.write(value, end);
  };
  const terminated = (value: string) => {
    text(value);
    buffer[end++] = 0;
  };
  /** The length, which counts itself, is filled in when the message is complete. */
  const message = (type: number, body: () => void) => {
    reserve(5);
    buffer[end] = type;
    const length = end + 1;
    end += 5;
    body();
    int32At(length, end - length);
  };
  const parameter = (value: SqlText) => {
    reserve(4);
    const length = end;
    end += 4;
    if (value === null) int32At(length, -1);
    else {
      text(value);
      int32At(length, end - length - 4);
    }
  };

  return {
    parse(name, statement) {
      message(code.parse, () => {
        terminated(name);
        terminated(statement);
        // The server finds out the parameters' types.
        int16(0);
      });
    },
    execute(name, parameters) {
      message(code.bind, () => {
        terminated("");
        terminated(name);
        // No formats: all parameters are texts, and so are the columns of the answer.
        int16(0);
        int16(parameters.length);
        for (const value of parameters) parameter(value);
        int16(0);
      });
      message(code.execute, () => {
        terminated("");
        // All rows.
        int16(0);
        int16(0);
      });
    },
    finish() {
      message(code.sync, () => {});
      const messages = Buffer.from(buffer.subarray(0, end));
      end = 0;
      if (buffer.length > usualSize * 32) buffer = Buffer.allocUnsafeSlow(usualSize);
      return messages;
    },
  };
}
