/** `did you mean orders, orderLines or order?` */
export function didYouMean(suggestions: readonly string[]): string {
  const last = suggestions.at(-1) ?? "";
  const list = suggestions.length > 1 ? `${suggestions.slice(0, -1).join(", ")} or ${last}` : last;
  return `did you mean ${list}?`;
}
