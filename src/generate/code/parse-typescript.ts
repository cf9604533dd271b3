import { ts } from "ts-morph";

/** TypeScript as a tree, and what its parser found wrong. */
export function parseTypeScript(text: string): { readonly source: ts.SourceFile; readonly errors: readonly ts.Diagnostic[] } {
  const source: ts.SourceFile & { readonly parseDiagnostics?: readonly ts.Diagnostic[] } = ts.createSourceFile(
    "file.ts",
    text,
    ts.ScriptTarget.Latest,
    true,
  );
  // What the parser has found is not in its types; the public way to it makes a whole program.
  return { source, errors: source.parseDiagnostics ?? ts.transpileModule(text, { reportDiagnostics: true }).diagnostics ?? [] };
}

/** The first syntax error of a text, with its line and column. */
export function syntaxError(text: string): { readonly line: number; readonly column: number; readonly message: string } | undefined {
  const { source, errors } = parseTypeScript(text);
  const [first] = errors;
  if (first === undefined) return undefined;
  const { line, character } = ts.getLineAndCharacterOfPosition(source, first.start ?? 0);
  return { line: line + 1, column: character + 1, message: ts.flattenDiagnosticMessageText(first.messageText, " ") };
}
