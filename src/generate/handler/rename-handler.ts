import { ts } from "ts-morph";
import { camelCase, kebabCase } from "../../spec/names.js";
import { identifiers, isMemberName } from "./resolve-name.js";

/**
 * A file of the user as it has to read when its use case has another name: imports of the files that move along, names
 * from them, and the handler's own constant. Everything else stays as it is, to the byte.
 */
export function renameInHandler(text: string, from: string, to: string): string {
  const file = ts.createSourceFile("handler.ts", text, ts.ScriptTarget.Latest, true);
  const replacements: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const replace = (node: ts.Node, fresh: string) => replacements.push({ start: node.getStart(file), end: node.getEnd(), text: fresh });

  const renamed = new Map([
    [`${camelCase(from)}Handler`, `${camelCase(to)}Handler`],
    [camelCase(from), camelCase(to)],
  ]);
  const ours = new Set<string>();
  const namespaces = new Set<string>();
  const own = new RegExp(`^\\./${kebabCase(from)}(\\.(?:gen|validator\\.gen|handler)(?:\\.[cm]?[jt]s)?)$`);
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) continue;
    const [, rest] = own.exec(moduleSpecifier.text) ?? [];
    if (rest === undefined) continue;
    const quote = moduleSpecifier.getText(file).charAt(0);
    replace(moduleSpecifier, `${quote}./${kebabCase(to)}${rest}${quote}`);
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings) || ts.isNamespaceExport(bindings)) namespaces.add(bindings.name.text);
    else
      for (const { name, propertyName } of bindings.elements) {
        const fresh = nameOf((propertyName ?? name).text, from, to);
        if (fresh === undefined) continue;
        if (propertyName !== undefined) replace(propertyName, fresh);
        else {
          renamed.set(name.text, fresh);
          ours.add(name.text);
        }
      }
  }

  const all = identifiers(file);
  const taken = new Set(all.map((each) => each.text));
  // The constant is renamed where this file declares it or has it from the handler.
  const declared = new Set(all.filter(({ parent }) => ts.isVariableDeclaration(parent)).map((each) => each.text));
  for (const name of all) {
    const { parent } = name;
    const member = isMemberName(name);
    const qualifier = ts.isPropertyAccessExpression(parent) ? parent.expression : ts.isQualifiedName(parent) ? parent.left : undefined;
    if (member && qualifier !== undefined && ts.isIdentifier(qualifier) && namespaces.has(qualifier.text)) {
      const fresh = nameOf(name.text, from, to);
      if (fresh !== undefined) replace(name, fresh);
    }
    const fresh = renamed.get(name.text);
    if (member || fresh === undefined || (!ours.has(name.text) && !declared.has(name.text))) continue;
    if (taken.has(fresh)) {
      // Somebody else has the new name here: the old one stays, for what is imported under the new.
      if (ts.isImportSpecifier(parent)) replace(name, `${fresh} as ${name.text}`);
      continue;
    }
    replace(name, ts.isShorthandPropertyAssignment(parent) ? `${name.text}: ${fresh}` : fresh);
  }

  let result = text;
  for (const { start, end, text: fresh } of replacements.sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + fresh + result.slice(end);
  return result;
}

/** `MoveInventoryOutcome`, `moveInventoryHandler`, `validateMoveInventory`: what generated files call things after a use case. */
function nameOf(name: string, from: string, to: string): string | undefined {
  if (name === from || (name.startsWith(from) && /^[A-Z]/.test(name.slice(from.length)))) return `${to}${name.slice(from.length)}`;
  if (name === camelCase(from)) return camelCase(to);
  if (name === `${camelCase(from)}Handler`) return `${camelCase(to)}Handler`;
  return name === `validate${from}` ? `validate${to}` : undefined;
}
