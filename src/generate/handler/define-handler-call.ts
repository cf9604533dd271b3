import { ts } from "ts-morph";

/** The calls of the generated `defineHandler` in a handler file, whatever name it was imported under. */
export function defineHandlerCalls(file: ts.SourceFile): readonly ts.CallExpression[] {
  const names = new Set<string>();
  const namespaces = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    if (!/\.gen(\.[cm]?[jt]s)?$/.test(statement.moduleSpecifier.text)) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings)) namespaces.add(bindings.name.text);
    else for (const { name, propertyName } of bindings.elements) if ((propertyName ?? name).text === "defineHandler") names.add(name.text);
  }
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isCalled(node.expression)) calls.push(node);
    ts.forEachChild(node, visit);
  };
  const isCalled = (called: ts.Expression): boolean =>
    ts.isIdentifier(called)
      ? names.has(called.text)
      : ts.isPropertyAccessExpression(called) &&
        called.name.text === "defineHandler" &&
        ts.isIdentifier(called.expression) &&
        namespaces.has(called.expression.text);
  visit(file);
  return calls;
}
