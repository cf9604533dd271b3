import { fromFields } from "../../spec/expression/value-type.js";
import type { ErrorDeclaration, Field, Located, Name } from "../../spec/model.js";
import type { ProjectContext } from "../context.js";
import type { OnReport, Rule } from "../rule.js";
import { differingFields } from "../same-type.js";

export const errorDuplicate: Rule<readonly Meaning[]> = {
  id: "error/duplicate",
  severity: "error",
  subject: "project",
  summary: "one error name with two meanings in the project, or one constraint for two errors",
  why: "Callers handle an error by its name: the same name must mean the same kind and carry the same details everywhere. Of two errors for one constraint only the first would ever be raised.",
  bad: {
    spec: `
errors:
  NegativeTotal: { kind: conflict, constraint: orders_total_check }
  TotalTooLow: { kind: conflict, constraint: orders_total_check }  # found here
`,
  },
  good: {
    spec: `
errors:
  NegativeTotal: { kind: conflict, constraint: orders_total_check }
`,
  },
  checkUseCase({ useCase }, report) {
    const constraints = new Map<string, Name>();
    for (const error of useCase.errors) if (error.constraints.length > 0) checkConstraints(error, constraints, useCase.file, report);
  },
  gather: {
    id: "errors",
    of({ useCase: { errors } }) {
      const meanings = errors.map(({ name, kind, details, path, file }) => ({
        name,
        kind,
        path,
        ...(details !== undefined && { details }),
        ...(file !== undefined && { file }),
      }));
      return meanings.length === 0 ? undefined : meanings;
    },
  },
  check(context, report, declared) {
    const firsts = new Map<string, Placed>();
    for (const { file, name, fact } of declared)
      for (const error of fact) {
        const placed = { error, file: error.file ?? file, useCase: name };
        const first = firsts.get(error.name);
        if (first === undefined) firsts.set(error.name, placed);
        else checkMeaning(placed, first, context, report);
      }
  },
};

type Meaning = Located & Pick<ErrorDeclaration, "name" | "kind"> & { readonly details?: readonly Field[] };

interface Placed {
  readonly error: Meaning;
  readonly file: string;
  readonly useCase: string;
}

function checkConstraints({ name, constraints, file }: ErrorDeclaration, seen: Map<string, Name>, own: string, report: OnReport): void {
  for (const constraint of constraints) {
    const first = seen.get(constraint.name);
    seen.set(constraint.name, first ?? constraint);
    if (first === undefined) continue;
    report({
      at: { path: constraint.path, file: constraint.file ?? file ?? own },
      message: `Constraint ${constraint.name} already means another error, so that ${name} is never raised for it.`,
      related: [{ message: "the first one", at: { path: first.path, file: first.file ?? own } }],
    });
  }
}

function checkMeaning(placed: Placed, first: Placed, { project }: ProjectContext, report: OnReport): void {
  const { error, file } = placed;
  if (file === first.file && error.path.join("\0") === first.error.path.join("\0")) return;
  const plain = error.details === undefined && first.error.details === undefined;
  const fields = plain ? [] : differingFields(fromFields(project, error.details ?? []), fromFields(project, first.error.details ?? []));
  if (error.kind === first.error.kind && fields.length === 0) return;
  report({
    at: { path: error.path, file },
    on: "key",
    message:
      error.kind === first.error.kind
        ? `${error.name} has other details here than in ${first.useCase}: ${fields.join(", ")}.`
        : `${error.name} is ${error.kind} here, and ${first.error.kind} in ${first.useCase}.`,
    help: "Declare it once in a shared file, or give one of them another name.",
    related: [{ message: `declared for ${first.useCase} here`, at: { path: first.error.path, file: first.file } }],
  });
}
