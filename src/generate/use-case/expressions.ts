import { type EmittedExpression, emitExpression } from "../../spec/expression/emit.js";
import { checkAt, type ExpressionPlace, fieldType, requiresTenant } from "../../spec/expression/scope.js";
import type { ValueType } from "../../spec/expression/value-type.js";
import type { Expression, Field, Project, UseCase } from "../../spec/model.js";
import { oncePer } from "../../spec/once-per.js";
import { ToolError } from "../../spec/tool-error.js";
import { arrow, type Code } from "../code/code.js";
import type { Imports } from "../code/imports.js";
import { parseCode } from "../code/parse-code.js";

/** The expressions of one use case as functions. */
export interface Expressions {
  /** `({ command, state: { source } }) => source.quantity >= command.quantity` */
  function(expression: Expression, place: ExpressionPlace): Code;
  /** Several expressions as one function that gives an object: `({ command }) => ({ requested: command.quantity })`. */
  objectFunction(
    entries: readonly { readonly key: string; readonly expression: Expression; readonly place: ExpressionPlace }[],
    /** The type of its parameter, where the compiler cannot know it. */
    parameter?: () => string | undefined,
  ): Code;
  /** The type of a field of the result or of a payload, as it goes over the wire: as written, or of what it is from. */
  typeOf(field: Field, place: ExpressionPlace): ValueType;
  /** The loads that an expression reads, in the order of the spec. */
  loadsIn(expression: Expression, place: ExpressionPlace): readonly string[];
}

export function createExpressions(project: Project, useCase: UseCase, imports: Imports): Expressions {
  const loads = useCase.loads.map(({ name }) => name);

  const typeOf = (field: Field, place: ExpressionPlace) => fieldType(project, useCase, field, place);

  const check = (expression: Expression, place: ExpressionPlace) => {
    const checked = checkAt(project, useCase, place, expression);
    const [problem] = checked.problems;
    if (problem !== undefined) {
      throw new ToolError("internal", `${useCase.file}: \`${expression.source}\`: ${problem.message} Lint should have said so.`);
    }
    return checked;
  };

  const emitAt = (expression: Expression, place: ExpressionPlace) => {
    const checked = check(expression, place);
    // A computed field without a type has its expression's own.
    const isField = place.kind === "result" || place.kind === "payload";
    return emitExpression(checked, checked.expected ?? (isField ? typeOf(place.field, place) : undefined));
  };

  const emit = (expression: Expression, place: ExpressionPlace): EmittedExpression => {
    if (place.kind !== "actor") return emitAt(expression, place);
    // What the configuration says of the actor is asked for by every use case.
    const known = emittedOfActor(project.config);
    const key = `${requiresTenant(project, useCase)} ${expression.source}`;
    const emitted = known.get(key) ?? emitAt(expression, place);
    known.set(key, emitted);
    return emitted;
  };

  const asFunction = (roots: ReadonlySet<string>, body: Code, parameter?: () => string | undefined): Code => {
    const state = loads.filter((load) => roots.has(load));
    const names = [
      ...(roots.has("command") ? ["command"] : []),
      ...(state.length === 0 ? [] : [`state: { ${state.join(", ")} }`]),
      ...["actor", "now", "prepare", "result", "payload", "event", "job", "slot"].filter((name) => roots.has(name)),
    ];
    if (names.length === 0) return arrow("()", body);
    const type = parameter?.();
    return arrow(`({ ${names.join(", ")} }${type === undefined ? "" : `: ${type}`})`, body);
  };

  const codeOf = ({ code, helpers }: EmittedExpression): Code => {
    for (const helper of helpers) imports.value("usecasecore/expression", helper);
    return parseCode(code);
  };

  return {
    function(expression, place) {
      const emitted = emit(expression, place);
      return asFunction(emitted.roots, codeOf(emitted));
    },
    objectFunction(entries, parameter) {
      const parts = entries.map(({ key, expression, place }) => ({ key, emitted: emit(expression, place) }));
      const roots = new Set(parts.flatMap(({ emitted }) => [...emitted.roots]));
      const value: Code = {
        kind: "object",
        entries: parts.map(({ key, emitted }) => ({ key, value: codeOf(emitted) })),
        expanded: false,
      };
      return asFunction(roots, value, parameter);
    },
    typeOf,
    loadsIn(expression, place) {
      const { roots } = check(expression, place);
      return loads.filter((load) => roots.has(load));
    },
  };
}

/** The configuration's own expressions, which read the actor and nothing else of a use case than whether it has a tenant. */
const emittedOfActor = oncePer((_: Project["config"]) => new Map<string, EmittedExpression>());
