import { requiresTenant } from "../../spec/expression/scope.js";
import type { UseCase } from "../../spec/model.js";
import { camelCase } from "../../spec/names.js";
import { needsHandler } from "../../spec/needs-handler.js";
import { type Member, member } from "../code/code.js";
import type { Declaration } from "../code/declaration.js";
import { createImports, type Imports } from "../code/imports.js";
import { lineWidth, printCode, printComment, printMember } from "../code/print-code.js";
import { type EmitContext, globalTypes } from "../emitter.js";
import { comment, commentLines, identifier } from "../encode.js";
import { commandTypes } from "./command-types.js";
import { contextType } from "./context-type.js";
import { definition } from "./definition.js";
import { createExpressions } from "./expressions.js";
import { handlerTypes, servicesType } from "./handler-types.js";
import { outcomeTypes } from "./outcome-types.js";
import { prepareType } from "./prepare-type.js";
import { refusalTypes } from "./refusal-types.js";
import { stateType } from "./state-type.js";
import { tenantExpression } from "./tenant.js";
import { sortedErrors, type UseCaseParts } from "./use-case-parts.js";
import { writesType } from "./writes-type.js";

/** The names that every use case's file declares, after the use case's own name. */
const suffixes = new Set(
  " Command CommandInput Context Prepare State Writes Result Events Jobs Outcome Refusal Error Services Input Handler".split(" "),
);

/** `<name>.gen.ts` as its template takes it. */
export function useCaseView(useCase: UseCase, context: EmitContext): object {
  const name = identifier(useCase.name);
  const constant = camelCase(name);
  const parts = partsOf(useCase, context, createImports(namesIn(name, constant)));
  const { imports, core } = parts;

  const declarations = [
    commandTypes(parts),
    contextType(parts),
    prepareType(parts),
    stateType(parts),
    writesType(parts),
    outcomeTypes(parts),
    refusalTypes(parts),
    handlerTypes(parts),
  ]
    .flat()
    .filter((declaration) => declaration !== undefined);

  const validator = imports.value(context.paths.importOf(parts.file, context.paths.useCase(name).validator), `validate${name}`);
  const schema = `${imports.value("usecasecore/validation", "commandSchema")}(${validator})`;
  const type = `${core("UseCaseDefinition")}<${name}>`;
  return {
    spec: comment(useCase.file),
    name,
    comment: printComment(useCaseComment(parts)),
    members: typeMembers(parts, declarations).map((each) => `  ${printMember(each, 2)}`),
    declarations,
    definition: `const definition: ${type} = ${printCode(definition(parts, schema))};`,
    useCaseType: `${core("UseCase")}<${name}>`,
    handler: parts.hasHandler,
    signature: signature(name, `${core("UseCase")}<${name}>`),
    bind: imports.value("usecasecore", parts.hasHandler ? "bindHandler" : "bindQuery"),
    constant,
    imports: imports.print(),
  };
}

function partsOf(useCase: UseCase, context: EmitContext, imports: Imports): UseCaseParts {
  const file = context.paths.useCase(useCase.name).definition;
  return {
    useCase,
    context,
    imports,
    expressions: createExpressions(context.project, useCase, imports),
    file,
    errors: sortedErrors(useCase),
    tenantScoped: requiresTenant(context.project, useCase),
    tenant: tenantExpression(context),
    hasHandler: needsHandler(useCase),
    core: (type) => imports.type("usecasecore", type),
    repository: (table) => imports.value(context.paths.repositoryImport(table), `${table}Repository`),
    rowType: (table, type) => imports.type(context.paths.repositoryImport(table), type),
    shared: (type, input) => imports.type(context.paths.importOf(file, context.paths.types), `${type}${input ? "Input" : ""}`),
  };
}

/** What the file of a use case declares itself, and the global types that it uses. */
function namesIn(useCase: string, constant: string): Pick<ReadonlySet<string>, "has"> {
  const has = (name: string) =>
    name === constant ||
    name === "definition" ||
    name === "defineHandler" ||
    globalTypes.has(name) ||
    (name.startsWith(useCase) && suffixes.has(name.slice(useCase.length)));
  return { has };
}

function signature(name: string, result: string): string {
  const [head, parameter] = ["export function defineHandler", `handler: ${name}Handler`];
  const flat = `${head}(${parameter}): ${result} {`;
  return flat.length <= lineWidth ? flat : `${head}(\n  ${parameter},\n): ${result} {`;
}

/** What every use case has a type of, if only `object`. */
const always = "CommandInput Command Context State Writes Outcome Result Events Jobs Refusal Error"
  .split(" ")
  .map((suffix) => ({ key: suffix.charAt(0).toLowerCase() + suffix.slice(1), suffix }));

/** The types interface: the one type parameter of everything about the use case. */
function typeMembers(parts: UseCaseParts, declarations: readonly Declaration[]): readonly Member[] {
  const { name } = parts.useCase;
  const declared = new Set(declarations.map((declaration) => declaration.name));
  const members = always.map(({ key, suffix }) => {
    const type = name + suffix;
    return member(key, declared.has(type) ? type : "object");
  });
  const { prepare, tx } = parts.useCase;
  if (servicesType(parts) !== undefined) members.push(member("services", `${name}Services`));
  if (prepare.length > 0) members.push(member("prepare", `${name}Prepare`));
  if (tx !== undefined && parts.hasHandler) members.push(member("tx", parts.core(tx === "read" ? "ReadTransaction" : "WriteTransaction")));
  return members;
}

function useCaseComment({ useCase, context, file }: UseCaseParts): readonly string[] {
  const { summary, description, deprecated, file: spec } = useCase;
  const link = context.paths.importOf(file, spec);
  return [
    ...commentLines(summary),
    ...(description === undefined ? [] : ["", ...commentLines(description)]),
    ...(deprecated === undefined || deprecated === false ? [] : [`@deprecated ${deprecated === true ? "" : comment(deprecated)}`.trim()]),
    `@see [${comment(spec.slice(spec.lastIndexOf("/") + 1))}](${comment(link)})`,
  ];
}
