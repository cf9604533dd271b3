import type HandlebarsModule from "handlebars";
import { nearest } from "../../spec/suggest.js";

/** Something in a template that Handlebars would take, or find only when it fills it. */
export interface TemplateFault {
  /** `generated/use-case`, `partials/declaration` */
  readonly template: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestions: readonly string[];
}

/** What a name is looked up in: the view, or the element that an `#each` is at. */
interface Scope {
  readonly template: string;
  readonly context: unknown;
  readonly outer?: Scope;
}

const blocks = ["each", "if", "unless"];
const dataNames = ["first", "index", "key", "last"];

/**
 * Checks a template, and the partials that it places, against what it is given: every name is there and is used as what
 * it is. Handlebars alone takes a missing name in `#if` and `#each` for false.
 * @param texts of all templates and partials, by name
 * @param sample of the view: one of each that it may hold
 * @param used told of every partial that is placed
 */
export function checkTemplate(
  { parse }: Pick<typeof HandlebarsModule, "parse">,
  options: {
    readonly template: string;
    readonly texts: ReadonlyMap<string, string>;
    readonly sample: object;
    readonly used?: (partial: string) => void;
  },
): readonly TemplateFault[] {
  const { texts, used } = options;
  const faults: TemplateFault[] = [];
  checkFile({ template: options.template, context: options.sample }, []);
  return faults;

  function checkFile(scope: Scope, within: readonly string[]): void {
    let body: readonly hbs.AST.Statement[];
    try {
      ({ body } = parse(texts.get(scope.template) ?? ""));
    } catch (error) {
      faults.push({ template: scope.template, ...syntaxFault(error), suggestions: [] });
      return;
    }
    checkBody(body, scope, [...within, scope.template]);
  }

  function checkBody(body: readonly hbs.AST.Statement[], scope: Scope, within: readonly string[]): void {
    for (const statement of body) {
      if (isMustache(statement)) checkMustache(statement, scope);
      else if (isPartial(statement)) checkPartial(statement, scope, within);
      else if (isBlock(statement)) checkBlock(statement, scope, within);
      else if (statement.type !== "ContentStatement" && statement.type !== "CommentStatement")
        complain(scope, statement, "Templates place values and partials; they define none.");
    }
  }

  function checkMustache(statement: hbs.AST.MustacheStatement, scope: Scope): void {
    const { path, params, hash } = statement;
    if (!statement.escaped) complain(scope, statement, "Write two braces: no value is escaped here, all are code already.");
    if (params.length > 0 || hash !== undefined) {
      complain(scope, path, `There is no helper ${nameOf(path)}.`, blocks, nameOf(path));
      return;
    }
    const value = valueAt(path, scope);
    if (Array.isArray(value)) complain(scope, path, `${nameOf(path)} is a list: go through it with {{#each ${nameOf(path)}}}.`);
    else if (value === true) complain(scope, path, `${nameOf(path)} is yes or no: ask for it with {{#if ${nameOf(path)}}}.`);
    else if (typeof value === "object")
      complain(scope, path, `${nameOf(path)} is no text, but has: ${Object.keys(value ?? {}).join(", ")}.`);
  }

  function checkPartial({ name, params, hash, loc }: hbs.AST.PartialStatement, scope: Scope, within: readonly string[]): void {
    const partial = isPath(name) ? `partials/${name.original}` : "";
    if (params.length > 0 || hash !== undefined) complain(scope, { loc }, "A partial takes no arguments: it sees what is around it.");
    if (!texts.has(partial)) {
      const known = [...texts.keys()].flatMap((each) => (each.startsWith("partials/") ? [each.slice("partials/".length)] : []));
      complain(scope, name, `There is no partial ${nameOf(name)}.`, known, nameOf(name));
      return;
    }
    if (within.includes(partial)) {
      complain(scope, name, `The partial ${nameOf(name)} places itself.`);
      return;
    }
    used?.(partial);
    checkFile({ ...scope, template: partial }, within);
  }

  function checkBlock(statement: hbs.AST.BlockStatement, scope: Scope, within: readonly string[]): void {
    const { path, params, hash, program, inverse } = statement;
    const [subject, ...more] = params;
    if (!blocks.includes(path.original)) {
      complain(scope, path, `There is no helper ${path.original}.`, blocks, path.original);
      return;
    }
    if (subject === undefined || more.length > 0 || hash !== undefined || (program?.blockParams ?? []).length > 0) {
      complain(scope, path, `{{#${path.original}}} takes one name.`);
      return;
    }
    const value = valueAt(subject, scope);
    if (inverse !== undefined) checkBody(inverse.body, scope, within);
    if (program === undefined) return;
    if (path.original !== "each") {
      checkBody(program.body, scope, within);
      return;
    }
    if (Array.isArray(value)) checkBody(program.body, { template: scope.template, context: value[0], outer: scope }, within);
    else if (value !== undefined) complain(scope, subject, `${nameOf(subject)} is no list.`);
  }

  /** Undefined for what is not there, which has then been said. */
  function valueAt(path: hbs.AST.Node, scope: Scope): unknown {
    if (!isPath(path)) return void complain(scope, path, "A name stands here, and nothing else.");
    let from: Scope | undefined = scope;
    for (let depth = 0; depth < path.depth && from !== undefined; depth++) from = from.outer;
    if (from === undefined) return void complain(scope, path, `Nothing is around this: ${path.original} leads out of the view.`);
    if (path.data) {
      if (from.outer !== undefined && dataNames.includes(path.parts.join("."))) return "";
      const known = from.outer === undefined ? [] : dataNames.map((name) => `@${name}`);
      return void complain(scope, path, `There is no ${path.original} here.`, known, path.original);
    }
    let value = from.context;
    for (const part of path.parts) {
      const names = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
      if (!names.includes(part)) {
        const there = names.length === 0 ? "" : ` There is: ${names.join(", ")}.`;
        return void complain(scope, path, `There is no name ${part} here.${there}`, names, part);
      }
      value = (value as Readonly<Record<string, unknown>>)[part];
    }
    return value;
  }

  function complain(scope: Scope, { loc }: Pick<hbs.AST.Node, "loc">, message: string, known: readonly string[] = [], name = ""): void {
    const { line, column } = loc.start;
    faults.push({ template: scope.template, line, column: column + 1, message, suggestions: nearest(name, known) });
  }
}

function syntaxFault(error: unknown): Pick<TemplateFault, "line" | "column" | "message"> {
  const { message, lineNumber, column } = error as { readonly message: string; readonly lineNumber?: number; readonly column?: number };
  const [first = "", ...rest] = message.split("\n");
  const line = lineNumber ?? Number(/on line (\d+)/.exec(first)?.[1] ?? 1);
  const expected = rest.at(-1) ?? first;
  return {
    line,
    column: (column ?? 0) + 1,
    message: `It is no template: ${lineNumber === undefined ? expected : first.replace(/ - \d+:\d+$/, "")}.`,
  };
}

const nameOf = (node: hbs.AST.Node): string => (isPath(node) ? node.original : "original" in node ? String(node.original) : node.type);
const isPath = (node: hbs.AST.Node): node is hbs.AST.PathExpression => node.type === "PathExpression";
const isMustache = (node: hbs.AST.Node): node is hbs.AST.MustacheStatement => node.type === "MustacheStatement";
const isPartial = (node: hbs.AST.Node): node is hbs.AST.PartialStatement => node.type === "PartialStatement";
const isBlock = (node: hbs.AST.Node): node is hbs.AST.BlockStatement => node.type === "BlockStatement";
