import { ts } from "ts-morph";

/** What a generated file must not have: each as one line that says what and where. */
export function inspectCode(path: string, text: string): readonly string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const found: string[] = [];
  const complain = (what: string, at: number) => {
    const { line, character } = file.getLineAndCharacterOfPosition(at);
    found.push(`${path}:${line + 1}:${character + 1} ${what}\n  ${text.split("\n")[line] ?? ""}`);
  };
  const { parseDiagnostics } = file as unknown as {
    readonly parseDiagnostics: readonly { readonly start: number; readonly messageText: unknown }[];
  };
  for (const { start, messageText } of parseDiagnostics) complain(`does not parse: ${JSON.stringify(messageText)}`, start);

  for (const statement of file.statements) {
    if (!ownStatements.has(statement.kind) && !isTestSuite(path, statement))
      complain("a statement that no template has", statement.getStart());
  }
  const visit = (node: ts.Node): void => {
    if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && /canary|globalThis/.test(node.text))
      complain(`the name ${node.text}`, node.getStart());
    if (ts.isTaggedTemplateExpression(node) || ts.isTemplateExpression(node))
      if (/canary/.test(node.getText())) complain("a template with code", node.getStart());
    if (ts.isComputedPropertyName(node) && !/^(?:"__proto__"|rowOf)$/.test(node.expression.getText()))
      complain("a computed key", node.getStart());
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
      const specifier = (node.moduleSpecifier as ts.StringLiteral).text;
      if (!/^(?:usecasecore(?:\/\w+)?|drizzle-orm(?:\/pg-core)?|vitest|\.\.?\/[\w./-]+\.js)$/.test(specifier))
        complain(`an import of ${specifier}`, node.getStart());
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      complain("an import at run time", node.getStart());
    ts.forEachChild(node, visit);
  };
  visit(file);

  // Readers of comments look for these wherever they stand, some of them in the text of the file as it is.
  for (const { name, pattern } of pragmas) for (const match of text.matchAll(pattern)) complain(name, match.index);
  return found;
}

const { SyntaxKind } = ts;
const ownStatements: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.ImportDeclaration,
  SyntaxKind.ExportDeclaration,
  SyntaxKind.InterfaceDeclaration,
  SyntaxKind.TypeAliasDeclaration,
  SyntaxKind.VariableStatement,
  SyntaxKind.FunctionDeclaration,
]);

function isTestSuite(path: string, statement: ts.Statement): boolean {
  if (ts.isExpressionStatement(statement) && /^validate\d*\.evaluated = /.test(statement.getText())) return true;
  return path.endsWith(".test.ts") && ts.isExpressionStatement(statement) && statement.getText().startsWith("describe(");
}

const pragmas = [
  { name: "a source map", pattern: /\/[/*][#@]\s*source(?:Mapping)?URL/g },
  { name: "a pragma of TypeScript", pattern: /^[\s/*]*@ts-(?:ignore|expect-error|nocheck)\b(?!: ajv compiled)/gm },
  { name: "a tag of JSDoc", pattern: /^\s*(?:\/\*)?\*+\s*@(?!see \[|deprecated\b)\w/gm },
  { name: "a link of JSDoc", pattern: /^\s*(?:\/\*)?\*.*\{@\w/gm },
  {
    name: "a hidden character",
    pattern: /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]/gu,
  },
];
