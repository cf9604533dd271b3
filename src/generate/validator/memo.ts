/** What has been made before, by a text that says what of; forgotten when it is too much. */
export function createMemo<T>(): (key: string, make: () => T) => T {
  const known = new Map<string, T>();
  return (key, make) => {
    let made = known.get(key);
    if (made === undefined) {
      if (known.size >= most) known.clear();
      made = make();
      known.set(key, made);
    }
    return made;
  };
}

const most = 2_000;
