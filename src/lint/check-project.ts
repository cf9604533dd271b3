import { setImmediate as turn } from "node:timers/promises";
import type { NamedSpec } from "../spec/check-names.js";
import type { Finding } from "../spec/finding.js";
import { baseOf, baseProblems, projectOf } from "../spec/project-base.js";
import type { ProjectFiles, SpecContent } from "../spec/project-files.js";
import { modelsOf } from "../spec/use-case-models.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import type { Companion } from "./companion.js";
import { findingsOf } from "./inspect-use-case.js";
import { inspectUseCases, isMany } from "./inspect-use-cases.js";
import { openKeptChecks } from "./kept-checks.js";
import { checkTogether, concluded, type LintOptions, severitiesOf } from "./lint.js";
import { senders } from "./messages.js";
import { once } from "./once.js";
import { placeProblem } from "./place-problem.js";
import { createNames, createProjectContext, withoutOthers } from "./project-context.js";
import type { Stopwatch } from "./stopwatch.js";
import type { OutsideFiles } from "./surroundings.js";

export interface CheckOptions extends Pick<LintOptions, "rules"> {
  /** Told before many use cases are looked into. */
  onMany?(): void;
  readonly companion?: Companion;
}

/**
 * Everything that is wrong with a project, as `lint` finds it; but of the use cases only those are looked into that have
 * changed since they last were, or that stand on something which has.
 */
export async function checkProject(
  files: ProjectFiles,
  outside: OutsideFiles,
  { rules = {}, onMany, companion }: CheckOptions,
  stopwatch: Stopwatch,
): Promise<readonly Finding[]> {
  const { root, config, sources } = files;
  const severities = severitiesOf({ config }, sources, { rules });
  const base = baseOf(files);
  const specs = files.files.filter(({ kind }) => kind === "usecase");
  const models = modelsOf(files);
  stopwatch.lap("reading shared files and machines");

  const known = new Map<string, CheckedUseCase>();
  const kept = files.schema.then((reading) => {
    const checks = openKeptChecks(files.cache, base.key, reading, outside);
    for (const content of specs) {
      const checked = checks.get(content);
      if (checked !== undefined) known.set(content.file, checked);
    }
    return checks;
  });
  // What is kept is known at once, unless the schema has changed: then it is worth little, and nothing is waited for.
  await Promise.race([kept, turn()]);
  const anew = specs.filter(({ file }) => !known.has(file));
  if (isMany(anew)) onMany?.();
  const isWanted = ({ file }: SpecContent) => !known.has(file);
  const inspected = await inspectUseCases({ files, base, models, contents: anew, isWanted, companion, stopwatch });
  stopwatch.lap("looking into use cases");

  const [checks, reading] = await Promise.all([kept, files.schema]);
  const project = projectOf(root, base, reading, []);
  const byFile = new Map(specs.map((content) => [content.file, content]));
  const all = specs.flatMap(({ file }) => known.get(file) ?? inspected.get(file) ?? []);
  const sentBy = once(() => senders(all));
  const checked = all.map((each) => {
    const content = byFile.get(each.file);
    if (content !== undefined && each.startedBy !== undefined) return withSenders(content, each, each.startedBy);
    if (content !== undefined && !known.has(each.file)) checks.put(content, each);
    return each;
  });
  stopwatch.lap("looking into what events start");

  const useCases = once(() => specs.flatMap((content) => models.read(content).useCase ?? []));
  const context = createProjectContext({
    ...projectOf(
      root,
      base,
      reading,
      [],
      checked.some(({ isIncomplete }) => isIncomplete) || files.files.some(({ refusal }) => refusal !== undefined),
    ),
    get useCases() {
      return useCases();
    },
  });
  const together = checkTogether(context, checked, severities, sources, stopwatch.rule);
  stopwatch.lap("looking at them together");
  models.write();
  checks.write(specs);
  stopwatch.lap("keeping answers");
  const named = checked.map(({ file, name }): NamedSpec => ({ kind: "usecase", file, name }));
  const found = baseProblems(root, base, reading, named).map((problem) => placeProblem(problem, sources));
  return concluded([...found, ...checked.flatMap(({ findings }) => findings), ...together], severities, sources);

  /** The rules look into what events start when it is known who sends these. */
  function withSenders(content: SpecContent, incomplete: CheckedUseCase, startedBy: readonly string[]): CheckedUseCase {
    const sending = [...new Set(startedBy.flatMap((key) => sentBy().get(key) ?? []))].sort();
    const contents = sending.flatMap((file) => byFile.get(file) ?? []);
    const before = checks.get(content, contents);
    if (before !== undefined) return before;
    const others = contents.flatMap((other) => models.read(other).useCase ?? []);
    const names = createNames(withoutOthers(project, others));
    const complete = { ...incomplete, findings: findingsOf(models.read(content), names, sources, stopwatch.rule) };
    checks.put(content, complete, contents);
    return complete;
  }
}
