/** A map of a limited size: the entry that was not used for the longest time goes first. */
export interface BoundedCache<Value> {
  get(key: string, make: () => Value): Value;
}

export function boundedCache<Value>(limit: number): BoundedCache<Value> {
  const entries = new Map<string, Value>();
  return {
    get(key, make) {
      const known = entries.get(key);
      if (known !== undefined) {
        // Maps keep the order of insertion: what is put in again is the newest.
        entries.delete(key);
        entries.set(key, known);
        return known;
      }
      const made = make();
      entries.set(key, made);
      const oldest = entries.size > limit ? entries.keys().next() : undefined;
      if (oldest?.done === false) entries.delete(oldest.value);
      return made;
    },
  };
}
