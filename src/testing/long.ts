/** Whether tests that have a long form take it: `npm run test:long`. */
export const long = process.env["LONG"] === "1";

/** How far a long form has come; the short one says nothing. */
export function tellProgress(text: string): void {
  // biome-ignore lint/suspicious/noConsole: somebody waits for minutes and wants to see that it goes on
  if (long) console.log(text);
}
