import type { Finding } from "../../spec/finding.js";

/** `did you mean orders, orderLines or order?` */
export function didYouMean(suggestions: readonly string[]): string {
  const last = suggestions.at(-1) ?? "";
  const list = suggestions.length > 1 ? `${suggestions.slice(0, -1).join(", ")} or ${last}` : last;
  return `did you mean ${list}?`;
}

/** What to do about a finding, a sentence each. */
export function adviceText({ suggestions, help }: Finding): readonly string[] {
  const asked = didYouMean(suggestions);
  return [...(suggestions.length > 0 ? [`${asked.charAt(0).toUpperCase()}${asked.slice(1)}`] : []), ...(help === undefined ? [] : [help])];
}
