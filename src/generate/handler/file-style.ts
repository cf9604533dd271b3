import { ts } from "ts-morph";

/** How a file is written: what is put into it should not be told from the rest. */
export interface FileStyle {
  /** One step of indentation. */
  readonly indent: string;
  readonly eol: "\n" | "\r\n";
  readonly semicolon: ";" | "";
  /** A string literal of ours in the file's own quotes. */
  quoted(code: string): string;
}

export function fileStyle(file: ts.SourceFile): FileStyle {
  const { text } = file;
  const indents = [...text.matchAll(/^([ \t]+)(?=[^\s*])/gm)].map(([, indent = ""]) => indent);
  const spaces = indents.filter((indent) => /^ +$/.test(indent)).map(({ length }) => length);
  const tabs = indents.filter((indent) => indent.startsWith("\t")).length;
  const imports = file.statements.filter(ts.isImportDeclaration);
  const single = imports.filter(({ moduleSpecifier }) => moduleSpecifier.getText(file).startsWith("'")).length;
  const withSemicolon = imports.filter((each) => each.getText(file).endsWith(";")).length;
  return {
    indent: tabs > spaces.length ? "\t" : " ".repeat(Math.min(8, ...(spaces.length === 0 ? [2] : spaces))),
    eol: text.includes("\r\n") ? "\r\n" : "\n",
    semicolon: withSemicolon * 2 >= imports.length ? ";" : "",
    quoted: (code) => (single * 2 > imports.length ? inSingleQuotes(code) : code),
  };
}

function inSingleQuotes(code: string): string {
  if (!code.startsWith('"')) return code;
  return `'${code.slice(1, -1).replace(/\\.|'/gs, (piece) => (piece === '\\"' ? '"' : piece === "'" ? "\\'" : piece))}'`;
}
