import { ts } from "ts-morph";
import { naturalOrder } from "../code/imports.js";
import type { FileStyle } from "./file-style.js";
import type { Insertion } from "./insert-members.js";
import { identifiers } from "./resolve-name.js";

/** What a file calls an export of a package, and what has to be put in for that. */
export interface ImportedName {
  readonly code: string;
  readonly insertions: readonly Insertion[];
}

/** Uses an import that is there, extends one of the same package, or adds one. */
export function importName(file: ts.SourceFile, from: string, name: string, style: FileStyle): ImportedName {
  const imports = file.statements.filter(ts.isImportDeclaration);
  const ofPackage = imports.filter(({ moduleSpecifier }) => ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === from);
  let extended: ts.NamedImports | undefined;
  for (const { importClause } of ofPackage) {
    if (importClause === undefined || importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) continue;
    const { namedBindings } = importClause;
    if (namedBindings === undefined) continue;
    if (ts.isNamespaceImport(namedBindings)) return { code: `${namedBindings.name.text}.${name}`, insertions: [] };
    const there = namedBindings.elements.find((each) => !each.isTypeOnly && (each.propertyName ?? each.name).text === name);
    if (there !== undefined) return { code: there.name.text, insertions: [] };
    if (namedBindings.elements.length > 0) extended = namedBindings;
  }
  const taken = new Set(identifiers(file).map(({ text }) => text));
  let local = name;
  while (taken.has(local)) local = `${local}Yet`;
  const specifier = local === name ? name : `${name} as ${local}`;
  if (extended !== undefined) return { code: local, insertions: [intoNames(file, extended, specifier)] };

  const statement = `import { ${specifier} } from ${style.quoted(`"${from}"`)}${style.semicolon}`;
  const next = imports.find(({ moduleSpecifier }) => ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text.startsWith("."));
  const insertion =
    next !== undefined
      ? { at: next.getStart(file), text: `${statement}${style.eol}` }
      : { at: imports.at(-1)?.getEnd() ?? file.getStart(), text: `${style.eol}${statement}` };
  return { code: local, insertions: [insertion] };
}

/** In its place by name. */
function intoNames(file: ts.SourceFile, { elements }: ts.NamedImports, specifier: string): Insertion {
  const gap = (each: ts.Node) => (/\n/.test(file.text.slice(each.getFullStart(), each.getStart(file))) ? ownLine(file, each) : " ");
  const after = elements.find((each) => naturalOrder((each.propertyName ?? each.name).text, specifier) > 0);
  if (after !== undefined) return { at: after.getStart(file), text: `${specifier},${gap(after)}` };
  const last = elements[elements.length - 1] as ts.ImportSpecifier;
  return { at: last.getEnd(), text: `,${gap(last)}${specifier}` };
}

function ownLine({ text }: ts.SourceFile, node: ts.Node): string {
  const start = text.lastIndexOf("\n", node.getStart()) + 1;
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
  return `${text.charAt(start - 2) === "\r" ? "\r\n" : "\n"}${indent}`;
}
