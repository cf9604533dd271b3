import type { Definition, Fields } from "./internals.js";

const read = Symbol("a prepared value was read, and nothing is prepared");

/** Stands for the prepared values where no `prepare` function is called: who reads one cannot be asked. */
export function unprepared({ prepare }: Definition): Fields | undefined {
  if (prepare === undefined) return undefined;
  const members = Object.keys(prepare).map((name): [string, PropertyDescriptor] => [
    name,
    {
      get() {
        throw read;
      },
    },
  ]);
  return Object.defineProperties({}, Object.fromEntries(members));
}

/** What the work gives; undefined where it would have needed a prepared value. */
export async function unlessUnprepared<Value>(work: () => Promise<Value> | Value): Promise<Value | undefined> {
  try {
    return await work();
  } catch (failure) {
    if (failure === read) return undefined;
    throw failure;
  }
}
