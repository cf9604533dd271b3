import { ts } from "ts-morph";

export type NamedFunction = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

/** What stands inside parentheses, `as`, `satisfies`, `!` and `await`. */
export function unwrap(expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isTypeAssertionExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isAwaitExpression(inner)
  )
    inner = inner.expression;
  return inner;
}

/**
 * What the constant of this name is made of, if it is certain: declared once in the file, and used in this one place
 * alone, so that nothing else can have changed it.
 */
export function constantOf(name: ts.Identifier): ts.Expression | undefined {
  const declaration = onlyDeclaration(name);
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !isConst(declaration)) return undefined;
  return usesOf(name).length === 1 ? declaration.initializer && unwrap(declaration.initializer) : undefined;
}

/** The function of this name, if the file declares it, once. */
export function functionOf(expression: ts.Expression): NamedFunction | undefined {
  const inner = unwrap(expression);
  if (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) return inner;
  if (!ts.isIdentifier(inner)) return undefined;
  const declaration = onlyDeclaration(inner);
  if (declaration === undefined) return undefined;
  if (ts.isFunctionDeclaration(declaration)) return declaration.body === undefined ? undefined : declaration;
  if (!ts.isVariableDeclaration(declaration) || !isConst(declaration) || declaration.initializer === undefined) return undefined;
  const value = unwrap(declaration.initializer);
  return ts.isArrowFunction(value) || ts.isFunctionExpression(value) ? value : undefined;
}

/** The declaration of a name that the whole file declares once; imports and parameters are declarations too. */
export function onlyDeclaration(name: ts.Identifier): ts.Node | undefined {
  const declarations = identifiers(name.getSourceFile(), name.text).filter(isDeclared);
  const [only] = declarations;
  return only !== undefined && declarations.length === 1 ? only.parent : undefined;
}

/** Where a name is used as a value, its declaration left out. */
function usesOf(name: ts.Identifier): readonly ts.Identifier[] {
  return identifiers(name.getSourceFile(), name.text).filter((each) => !isDeclared(each) && !isMemberName(each));
}

export function identifiers(within: ts.Node, text?: string): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && (text === undefined || node.text === text)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(within);
  return found;
}

function isDeclared(name: ts.Identifier): boolean {
  const { parent } = name;
  return (
    ((ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isFunctionDeclaration(parent) || ts.isClassDeclaration(parent)) &&
      parent.name === name) ||
    (ts.isBindingElement(parent) && parent.name === name) ||
    (ts.isFunctionExpression(parent) && parent.name === name) ||
    (ts.isImportSpecifier(parent) && parent.name === name) ||
    (ts.isImportClause(parent) && parent.name === name) ||
    ts.isNamespaceImport(parent)
  );
}

/** `x.name`, `{ name: … }`, `name() {}` in an object: the name of a member, not of a variable. */
export function isMemberName(name: ts.Identifier): boolean {
  const { parent } = name;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === name) ||
    (ts.isQualifiedName(parent) && parent.right === name) ||
    ((ts.isPropertyAssignment(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isGetAccessor(parent) ||
      ts.isSetAccessor(parent)) &&
      parent.name === name) ||
    (ts.isBindingElement(parent) && parent.propertyName === name) ||
    (ts.isImportSpecifier(parent) && parent.propertyName === name)
  );
}

function isConst({ parent }: ts.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(parent) && (parent.flags & ts.NodeFlags.Const) !== 0;
}
