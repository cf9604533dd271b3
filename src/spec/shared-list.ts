/** How many items a thread takes at a time. */
const batch = 4;

/** Counts what threads have taken of a list that all of them have. */
export function openCounter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** The next items of such a list, with the index of the first, for as long as there are some. */
export function* takeBatches<Item>(
  items: readonly Item[],
  taken: Int32Array,
): Generator<{ readonly start: number; readonly items: readonly Item[] }> {
  for (let start = Atomics.add(taken, 0, batch); start < items.length; start = Atomics.add(taken, 0, batch))
    yield { start, items: items.slice(start, start + batch) };
}

/** Leaves nothing for any thread to take. */
export function takeAll(items: readonly unknown[], taken: Int32Array): void {
  Atomics.store(taken, 0, items.length);
}
