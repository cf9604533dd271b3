import { appendFileSync, closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { contentHash } from "./content-hash.js";
import { replaceFile } from "./replace-file.js";

/** An answer for each of many files, in one file to which a run adds what is new: one change costs one line. */
export interface Journal {
  /** The last answer for a file, if it was given under this key, as JSON. */
  get(file: string, key: string): string | undefined;
  put(file: string, key: string, json: string): void;
  /** Writes what was put since. Answers for files that are none of `files` go when the journal is next written anew. */
  write(files: ReadonlySet<string>): void;
}

/** `header`: what a journal must begin with to be of use. */
export function openJournal(path: string, header: string): Journal {
  /** Lines by the name of their file. */
  const known = new Map<string, string>();
  let added: string[] = [];
  /** On disk; undefined until they have been read. */
  let lines: number | undefined;

  const read = (): number => {
    const mine = [...known];
    const text = textOf(path);
    let count = 0;
    if (text.startsWith(header))
      for (let start = header.length, end = text.indexOf("\n", start); end !== -1; start = end + 1, end = text.indexOf("\n", start)) {
        const line = text.slice(start, end);
        known.set(line.slice(hashLength, line.indexOf("\t", hashLength)), line);
        count += 1;
      }
    for (const [name, line] of mine) known.set(name, line);
    return count;
  };
  return {
    get(file, key) {
      const name = JSON.stringify(file);
      // What this run has put is the last answer, whatever was there before.
      if (!known.has(name)) lines ??= read();
      const line = known.get(name);
      const [, , under, json] = line?.split("\t", 4) ?? [];
      return under === key && line !== undefined && isWhole(line, header) ? json : undefined;
    },
    put(file, key, json) {
      const name = JSON.stringify(file);
      const content = `${name}\t${key}\t${json}`;
      const line = `${contentHash(header + content)}\t${content}`;
      known.set(name, line);
      added.push(`${line}\n`);
    },
    write(files) {
      if (added.length === 0) return;
      if (lines === undefined && !isSmall(path, header, files.size)) lines = read();
      if (lines === undefined || (lines > 0 && lines + added.length <= 2 * files.size + spare)) {
        append(path, added.join(""));
        lines = lines === undefined ? undefined : lines + added.length;
      } else {
        const names = new Set([...files].map((file) => JSON.stringify(file)));
        for (const name of known.keys()) if (!names.has(name)) known.delete(name);
        replaceFile(path, [header, ...[...known.values()].map((line) => `${line}\n`)]);
        lines = known.size;
      }
      added = [];
    },
  };
}

/** Lines of no use that a journal may have before it is written anew, beside one for each file. */
const spare = 100;
/** For each file, as long as nobody has counted the lines. */
const spareBytes = 20_000;
/** With the tab behind it. */
const hashLength = contentHash("").length + 1;

/** The line's own hash tells one that was cut short or changed, or that another build of the tool has put beside ours. */
const isWhole = (line: string, header: string) => line.slice(0, hashLength - 1) === contentHash(header + line.slice(hashLength));

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Whether there is a journal of ours that can be added to without being read. */
function isSmall(path: string, header: string, files: number): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const start = Buffer.alloc(Buffer.byteLength(header));
      readSync(file, start);
      return start.toString() === header && fstatSync(file).size <= spareBytes * (files + spare);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

function append(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch {
    // A folder that cannot be written to costs speed only.
  }
}
