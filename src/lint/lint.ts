import type { Finding, Problem, SourceRange, SpecPlace } from "../spec/finding.js";
import type { LoadedProject } from "../spec/load-project.js";
import type { Project } from "../spec/model.js";
import { applySuppressions } from "./apply-suppressions.js";
import type { ProjectContext } from "./context.js";
import { fingerprint } from "./fingerprint.js";
import { nameFix } from "./name-fix.js";
import type { PlacedFinding } from "./placed-finding.js";
import { createProjectContext } from "./project-context.js";
import { rules } from "./registry.js";
import type { Report, Rule } from "./rule.js";
import { type RuleSeverities, type RuleSeverity, resolveSeverities } from "./severities.js";
import { formatSpecPath } from "./spec-path.js";

export interface LintOptions {
  /** Severities for this run, over those of the configuration. */
  readonly rules?: RuleSeverities;
  /** Counts a rule's work. */
  time?<T>(ruleId: string, work: () => T): T;
}

/**
 * Everything that is wrong with a project: the problems of its files, and what the rules find. Sorted by file, line
 * and column; each mistake once.
 * @throws ToolError when the configuration or the options name a rule that does not exist.
 */
export function lint({ project, problems, sources, partial }: LoadedProject, options: LintOptions = {}): readonly Finding[] {
  const severities = resolveSeverities(project.config.rules, options.rules ?? {}, (id) => {
    const { file, line, column } = sources.locate({ file: project.config.file ?? "", path: ["lint", "rules", id], on: "key" });
    return `${file}:${line}:${column}`;
  });
  const found = [
    ...problems,
    ...checkRules(rules, createProjectContext(project), severities, options.time),
    ...checkPartial(project, partial, severities),
  ].flatMap((problem) => {
    const severity = severities.get(problem.ruleId) ?? problem.severity;
    return severity === "off" ? [] : [place({ ...problem, severity })];
  });
  const kept = applySuppressions(distinct(found), sources, severities);
  return identified(kept.toSorted(byPlace));

  function place(problem: Problem): PlacedFinding {
    const { ruleId, severity, message, place: where, help, suggestions, related } = problem;
    const fix = problem.fix ?? nameFix(problem, sources);
    return {
      ruleId,
      severity,
      message,
      ...sources.locate(where),
      specPath: where.path,
      path: formatSpecPath(where.path),
      ...(help !== undefined && { help }),
      suggestions: suggestions ?? [],
      related: (related ?? []).map((other) => ({ message: other.message, ...sources.locate(other.place) })),
      fixable: fix !== undefined,
      ...(fix !== undefined && { fix }),
    };
  }

  function identified(findings: readonly PlacedFinding[]): readonly Finding[] {
    const seen = new Map<string, number>();
    return findings.map(({ specPath, ...finding }) => {
      const text = textOf(sources.text(finding.file), finding);
      const name = fingerprint(finding.ruleId, finding.file, specPath, text, 0);
      const ordinal = seen.get(name) ?? 0;
      seen.set(name, ordinal + 1);
      return { ...finding, fingerprint: ordinal === 0 ? name : fingerprint(finding.ruleId, finding.file, specPath, text, ordinal) };
    });
  }
}

/** What can be said of use cases that are not whole: nothing about what is missing, or what could be what is missing. */
function checkPartial(
  project: Project,
  partial: LoadedProject["partial"],
  severities: ReadonlyMap<string, RuleSeverity>,
): readonly Problem[] {
  if (partial.length === 0) return [];
  const context = createProjectContext({ ...project, useCases: partial.map(({ useCase }) => useCase) });
  const byFile = new Map(partial.map((part) => [part.useCase.file, part]));
  return checkRules(
    rules.filter(({ local }) => local === true),
    context,
    severities,
  ).filter(({ place }) => byFile.get(place.file)?.isDoubtful(place.path) === false);
}

function checkRules(
  chosen: readonly Rule[],
  project: ProjectContext,
  severities: ReadonlyMap<string, RuleSeverity>,
  time: LintOptions["time"] = (_id, work) => work(),
): readonly Problem[] {
  return chosen.filter(({ id }) => severities.get(id) !== "off").flatMap((rule) => time(rule.id, () => problemsOf(rule, project)));
}

function problemsOf(rule: Rule, context: ProjectContext): readonly Problem[] {
  switch (rule.subject) {
    case "project":
      return placed(rule, context.file, rule.check(context));
    case "machine":
      return context.project.machines.flatMap((machine) =>
        placed(rule, machine.file, rule.check({ ...context, file: machine.file, machine })),
      );
    case "use case":
      return context.useCases.flatMap((useCase) => placed(rule, useCase.file, rule.check(useCase)));
    case "files":
      return [];
  }
}

function placed({ id, severity }: Rule, file: string, reports: Iterable<Report>): readonly Problem[] {
  return Array.from(reports, ({ at, on, span, message, help, suggestions, related }) => ({
    ruleId: id,
    severity,
    message,
    place: placeOf(at, file, { ...(on && { on }), ...(span && { span }) }),
    ...(help !== undefined && { help }),
    ...(suggestions !== undefined && { suggestions }),
    ...(related !== undefined && { related: related.map((other) => ({ message: other.message, place: placeOf(other.at, file, {}) })) }),
  }));
}

function placeOf(at: Report["at"], file: string, narrowed: Pick<SpecPlace, "on" | "span">): SpecPlace {
  return {
    file: at.file ?? file,
    path: at.path,
    ...("on" in at && at.on ? { on: at.on } : {}),
    ...("span" in at && at.span ? { span: at.span } : {}),
    ...narrowed,
  };
}

/** Two use cases that use one shared policy find the same mistake in it. */
function distinct(findings: readonly PlacedFinding[]): readonly PlacedFinding[] {
  const byKey = new Map(
    findings.map((finding) => [JSON.stringify([finding.ruleId, finding.file, finding.line, finding.column, finding.message]), finding]),
  );
  return [...byKey.values()];
}

function byPlace(a: PlacedFinding, b: PlacedFinding): number {
  return compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.ruleId, b.ruleId) || compare(a.message, b.message);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function textOf(source: string | undefined, { line, column, endLine, endColumn }: SourceRange): string {
  const lines = source?.split(/\r?\n/).slice(line - 1, endLine) ?? [];
  const last = lines.length - 1;
  return lines
    .map((text, index) =>
      text.slice(index === 0 ? column - 1 : 0, index === last && line + last === endLine ? endColumn - 1 : undefined).trim(),
    )
    .join("\n");
}
