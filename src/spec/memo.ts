/** What has been made before, by a text that says what of; all of it is forgotten when it is more than `most`. */
export function createMemo<Value>(most: number): (key: string, make: () => Value) => Value {
  const known = new Map<string, Value>();
  return (key, make) => {
    let made = known.get(key);
    if (made === undefined) {
      made = make();
      if (known.size >= most) known.clear();
      known.set(key, made);
    }
    return made;
  };
}
