import { type EmittedExpression, emitExpression } from "../../spec/expression/emit.js";
import { checkAt, type ExpressionPlace, fieldType, requiresTenant } from "../../spec/expression/scope.js";
import type { ValueType } from "../../spec/expression/value-type.js";
import type { Expression, Field, Project, UseCase } from "../../spec/model.js";
import { oncePer } from "../../spec/once-per.js";
import { ToolError } from "../../spec/tool-error.js";
import { arrow, type Code, type ObjectEntry, objectOf } from "../code/code.js";
import type { Imports } from "../code/imports.js";
import { parseCode } from "../code/parse-code.js";
import { propertyKey } from "../encode.js";

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
  /** What computes fields, each as a function; undefined where nothing does. */
  computed(fields: readonly Field[], placeOf: (field: Field) => ExpressionPlace): Code | undefined;
  /** The type of a field of the result or of a payload, as it goes over the wire: as written, or of what it is from. */
  typeOf(field: Field, place: ExpressionPlace): ValueType;
  /** The variables that an expression reads, loads among them. */
  roots(expression: Expression, place: ExpressionPlace): ReadonlySet<string>;
}

export function createExpressions(project: Project, useCase: UseCase, imports: Imports): Expressions {
  const loads = useCase.loads.map(({ name }) => name);

  const typeOf = (field: Field, place: ExpressionPlace) => fieldType(project, useCase, field, place);

  const check = (expression: Expression, place: ExpressionPlace) => {
    const checked = checkAt(project, useCase, place, expression);
    const problem = checked.problems[0];
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
    if (roots.size === 0) return arrow("()", body);
    const names = roots.has("command") ? ["command"] : [];
    const state = loads.filter((load) => roots.has(load));
    if (state.length > 0) names.push(`state: { ${state.join(", ")} }`);
    for (const name of otherVariables) if (roots.has(name)) names.push(name);
    const type = parameter?.();
    return arrow(`({ ${names.join(", ")} }${type === undefined ? "" : `: ${type}`})`, body);
  };

  const codeOf = ({ code, helpers }: EmittedExpression): Code => {
    for (const helper of helpers) imports.value("usecasecore/expression", helper);
    return parseCode(code);
  };

  const functionOf = (expression: Expression, place: ExpressionPlace): Code => {
    const emitted = emit(expression, place);
    return asFunction(emitted.roots, codeOf(emitted));
  };

  return {
    function: functionOf,
    objectFunction(entries, parameter) {
      const parts = entries.map(({ key, expression, place }) => ({ key, emitted: emit(expression, place) }));
      const roots = new Set(parts.flatMap(({ emitted }) => [...emitted.roots]));
      return asFunction(roots, objectOf(parts.map(({ key, emitted }) => ({ key, value: codeOf(emitted) }))), parameter);
    },
    computed(fields, placeOf) {
      const entries: ObjectEntry[] = [];
      for (const field of fields)
        if (field.from !== undefined) entries.push({ key: propertyKey(field.name), value: functionOf(field.from, placeOf(field)) });
      return entries.length === 0 ? undefined : objectOf(entries, { expanded: entries.length > 1 });
    },
    typeOf,
    roots: (expression, place) => check(expression, place).roots,
  };
}

/** What an expression may read besides the command and the loads, in the order of the parameter. */
const otherVariables = ["actor", "now", "prepare", "result", "payload", "event", "job", "slot"];

/** The configuration's own expressions, which read the actor and nothing else of a use case than whether it has a tenant. */
const emittedOfActor = oncePer((_: Project["config"]) => new Map<string, EmittedExpression>());
