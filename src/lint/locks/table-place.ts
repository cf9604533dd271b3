/** Compares tables as the runtime does: those of the list in its order, then the others by name. */
export function tablePlace(lockOrder: readonly string[]): (a: string, b: string) => number {
  const place = (name: string) => {
    const index = lockOrder.indexOf(name);
    return index === -1 ? lockOrder.length : index;
  };
  return (a, b) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0);
}
