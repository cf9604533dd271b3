import type { Code, Member } from "./code.js";
import { printCode, printComment, printMember } from "./print-code.js";

/** What the partial `declaration` places: an exported interface or type alias, each line ready. */
export interface Declaration {
  readonly name: string;
  readonly comment: readonly string[];
  readonly head: string;
  readonly members: readonly string[];
  readonly end: string;
}

export interface DeclarationOptions {
  /** Encoded lines of JSDoc. */
  readonly comment?: readonly string[];
  readonly extends?: Code;
  /** Members that are no properties: methods, as they are written. */
  readonly methods?: readonly { readonly comment: readonly string[]; readonly code: string }[];
}

/** `export interface Name { … }`; one that only extends another type is an alias of that. */
export function interfaceOf(name: string, members: readonly Member[], options: DeclarationOptions = {}): Declaration {
  if (members.length === 0 && (options.methods ?? []).length === 0 && options.extends !== undefined)
    return aliasOf(name, options.extends, options);
  const base =
    options.extends === undefined
      ? ""
      : ` extends ${printCode(options.extends, { used: `export interface ${name} extends `.length, after: 2 })}`;
  const lines = members.map((each) => `  ${printMember(each, 2)}`);
  for (const { comment, code } of options.methods ?? []) lines.push(`  ${[...printComment(comment), code].join("\n  ")}`);
  const comment = printComment(options.comment ?? []);
  return lines.length === 0
    ? { name, comment, head: `export interface ${name}${base} {}`, members: [], end: "" }
    : { name, comment, head: `export interface ${name}${base} {`, members: lines, end: "}" };
}

/** `export type Name = …;` */
export function aliasOf(name: string, type: Code, options: Pick<DeclarationOptions, "comment"> = {}): Declaration {
  const head = `export type ${name} =`;
  const text = printCode(type, { used: head.length + 1, after: 1 });
  return {
    name,
    comment: printComment(options.comment ?? []),
    head: `${head}${text.startsWith("\n") ? "" : " "}${text};`,
    members: [],
    end: "",
  };
}
