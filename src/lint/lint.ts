import type { Finding, Problem, SourceRange } from "../spec/finding.js";
import type { LoadedProject } from "../spec/load-project.js";
import type { Project } from "../spec/model.js";
import type { SourceMap } from "../spec/source-map.js";
import { applySuppressions } from "./apply-suppressions.js";
import { allChecks, checkUseCase, gatherFacts } from "./check-use-case.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import type { ProjectContext } from "./context.js";
import { fingerprint } from "./fingerprint.js";
import { checkPartial } from "./inspect-use-case.js";
import { startingMessages } from "./messages.js";
import { placeProblem } from "./place-problem.js";
import type { PlacedFinding } from "./placed-finding.js";
import { problemOf } from "./problem-of.js";
import { createNames, createProjectContext, useCaseContext, withoutOthers } from "./project-context.js";
import { rules } from "./registry.js";
import type { Gathered, Report, Rule } from "./rule.js";
import { type RuleSeverities, type RuleSeverity, resolveSeverities } from "./severities.js";
import type { TimeRule } from "./stopwatch.js";

export interface LintOptions {
  /** Severities for this run, over those of the configuration. */
  readonly rules?: RuleSeverities;
}

/**
 * Everything that is wrong with a project: the problems of its files, and what the rules find. Sorted by file, line
 * and column; each mistake once.
 * @throws ToolError when the configuration or the options name a rule that does not exist.
 */
export function lint({ project, problems, sources, partial }: LoadedProject, options: LintOptions = {}): readonly Finding[] {
  const severities = severitiesOf(project, sources, options);
  const all = createNames(project);
  const alone = createNames(withoutOthers(project));
  const checked = project.useCases.map((useCase): CheckedUseCase => {
    const context = useCaseContext(startingMessages(useCase).length > 0 ? all : alone, useCase);
    const { file, name } = useCase;
    return { file, name, findings: checkUseCase(context, sources, allChecks()), facts: gatherFacts(context) };
  });
  const found = [
    ...problems.map((problem) => placeProblem(problem, sources)),
    ...partial.flatMap((part) => checkPartial(part, sources, alone)),
  ];
  const together = checkTogether(createProjectContext(project), checked, severities, sources);
  return concluded([...found, ...checked.flatMap(({ findings }) => findings), ...together], severities, sources);
}

export function severitiesOf(
  { config }: Pick<Project, "config">,
  sources: SourceMap,
  options: LintOptions,
): ReadonlyMap<string, RuleSeverity> {
  return resolveSeverities(config.rules, options.rules ?? {}, (id) => {
    const { file, line, column } = sources.locate({ file: config.file ?? "", path: ["lint", "rules", id], on: "key" });
    return `${file}:${line}:${column}`;
  });
}

/** What is wrong with the machines, and with the use cases together. */
export function checkTogether(
  context: ProjectContext,
  checked: readonly CheckedUseCase[],
  severities: ReadonlyMap<string, RuleSeverity>,
  sources: SourceMap,
  time: TimeRule = (_rule, work) => work(),
): readonly PlacedFinding[] {
  const names = createNames(context.project);
  const facts = gathered(checked);
  return rules
    .filter(({ id }) => severities.get(id) !== "off")
    .flatMap((rule) => time(rule.id, () => problemsTogether(rule)))
    .map((problem) => placeProblem(problem, sources));

  function problemsTogether(rule: Rule): readonly Problem[] {
    const problems: Problem[] = [];
    const reportIn =
      (file: string) =>
      (report: Report): void => {
        problems.push(problemOf(rule, file, report));
      };
    if (rule.subject === "machine")
      for (const machine of names.project.machines) rule.check({ ...names, file: machine.file, machine }, reportIn(machine.file));
    if (rule.subject === "project") rule.check(context, reportIn(context.file), facts.get(rule.gather?.id ?? "") ?? []);
    return problems;
  }
}

/** What was gathered of the use cases, by what gathered it. */
function gathered(checked: readonly CheckedUseCase[]): ReadonlyMap<string, readonly Gathered<unknown>[]> {
  const byGatherer = new Map<string, Gathered<unknown>[]>();
  for (const { file, name, facts } of checked) {
    if (name === undefined) continue;
    for (const [id, fact] of Object.entries(facts)) {
      const known = byGatherer.get(id);
      if (known === undefined) byGatherer.set(id, [{ file, name, fact }]);
      else known.push({ file, name, fact });
    }
  }
  return byGatherer;
}

/** Findings as they are told: each once, with its severity, without the suppressed ones, in order, with its fingerprint. */
export function concluded(
  found: readonly PlacedFinding[],
  severities: ReadonlyMap<string, RuleSeverity>,
  sources: SourceMap,
): readonly Finding[] {
  const told = found.flatMap((finding): PlacedFinding[] => {
    const severity = severities.get(finding.ruleId) ?? finding.severity;
    return severity === "off" ? [] : [{ ...finding, severity }];
  });
  return identified(applySuppressions(distinct(told), sources, severities).toSorted(byPlace), sources);
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

function identified(findings: readonly PlacedFinding[], sources: SourceMap): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.map(({ specPath, ...finding }) => {
    const text = textOf(sources.text(finding.file), finding);
    const name = fingerprint(finding.ruleId, finding.file, specPath, text, 0);
    const ordinal = seen.get(name) ?? 0;
    seen.set(name, ordinal + 1);
    return { ...finding, fingerprint: ordinal === 0 ? name : fingerprint(finding.ruleId, finding.file, specPath, text, ordinal) };
  });
}

function textOf(source: string | undefined, { line, column, endLine, endColumn }: SourceRange): string {
  const lines = source?.split(/\r?\n/).slice(line - 1, endLine) ?? [];
  const last = lines.length - 1;
  return lines
    .map((text, index) =>
      text.slice(index === 0 ? column - 1 : 0, index === last && line + last === endLine ? endColumn - 1 : undefined).trim(),
    )
    .join("\n");
}
