/** JSON as TypeScript's configurations have it: with comments and commas at the end. Throws like `JSON.parse`. */
export function parseJsonWithComments(text: string): unknown {
  const withoutComments = text
    .replace(/^\ufeff/, "")
    .replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_all, string?: string) => string ?? " ");
  return JSON.parse(withoutComments.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_all, string?: string) => string ?? ""));
}
