import type HandlebarsModule from "handlebars";
import { ToolError } from "../../spec/tool-error.js";

/** What a template places, in order: texts of its own, and what is given. */
export type Template = readonly (string | Placed | Block)[];

/** The text at a path, or a partial. */
export type Placed = { readonly value: Path } | { readonly partial: string };

export interface Block {
  readonly block: "each" | "if" | "unless";
  readonly subject: Path;
  readonly body: Template;
  /** After `{{else}}`. */
  readonly otherwise: Template;
}

/** A name: `../use.name` is in the element around this one, `@last` what `#each` knows of its element. */
export interface Path {
  readonly outward: number;
  readonly names: readonly string[];
  readonly isData: boolean;
}

/** Reads a template that `checkTemplate` finds no fault with. */
export function parseTemplate({ parse }: Pick<typeof HandlebarsModule, "parse">, text: string): Template {
  return templateOf(parse(text));
}

function templateOf(program: hbs.AST.Program | undefined): Template {
  return (program?.body ?? []).flatMap(partsOf).filter((part) => part !== "");
}

function partsOf(statement: hbs.AST.Statement): Template {
  switch (statement.type) {
    case "CommentStatement":
      return [];
    case "ContentStatement":
      return [(statement as hbs.AST.ContentStatement).value];
    case "MustacheStatement":
      return [{ value: pathOf((statement as hbs.AST.MustacheStatement).path) }];
    case "PartialStatement": {
      const { name, indent } = statement as hbs.AST.PartialStatement;
      return [indent, { partial: `partials/${(name as hbs.AST.PathExpression).original}` }];
    }
    case "BlockStatement": {
      const { path, params, program, inverse } = statement as hbs.AST.BlockStatement;
      const subject = pathOf(params[0] as hbs.AST.Expression);
      return [{ block: path.original as Block["block"], subject, body: templateOf(program), otherwise: templateOf(inverse) }];
    }
    default:
      throw new ToolError("internal", `A template has a ${statement.type}.`);
  }
}

function pathOf(expression: hbs.AST.Expression): Path {
  const { depth, parts, data } = expression as hbs.AST.PathExpression;
  return { outward: depth, names: parts, isData: data };
}
