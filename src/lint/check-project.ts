import type { NamedSpec } from "../spec/check-names.js";
import type { Finding } from "../spec/finding.js";
import { baseProblems, projectOf, readBase } from "../spec/project-base.js";
import type { ProjectFiles } from "../spec/project-files.js";
import { createUseCaseModels } from "../spec/use-case-models.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import { findingsOf, inspectUseCase } from "./inspect-use-case.js";
import { openKeptChecks } from "./kept-checks.js";
import { checkTogether, concluded, type LintOptions, severitiesOf } from "./lint.js";
import { senders } from "./messages.js";
import { once } from "./once.js";
import { placeProblem } from "./place-problem.js";
import { createNames, createProjectContext, withoutOthers } from "./project-context.js";
import type { Stopwatch } from "./stopwatch.js";
import type { OutsideFiles } from "./surroundings.js";

/**
 * Everything that is wrong with a project, as `lint` finds it; but of the use cases only those are looked into that have
 * changed since they last were, or that stand on something which has.
 */
export async function checkProject(
  files: ProjectFiles,
  outside: OutsideFiles,
  { rules = {} }: Pick<LintOptions, "rules">,
  stopwatch: Stopwatch,
): Promise<readonly Finding[]> {
  const { root, config, sources } = files;
  const severities = severitiesOf({ config }, sources, { rules });
  const base = readBase(files);
  const specs = files.files.filter(({ kind }) => kind === "usecase");
  const models = createUseCaseModels(files, base);
  stopwatch.lap("reading shared files and machines");
  const reading = await files.schema;
  stopwatch.lap("waiting for the schema");

  const kept = openKeptChecks(files.cache, base.key, reading, outside);
  const project = projectOf(root, base, reading, []);
  const alone = once(() => createNames(withoutOthers(project)));
  const inspected = specs.map((content): CheckedUseCase => {
    const known = kept.get(content);
    if (known !== undefined) return known;
    const checked = inspectUseCase(content.file, models.read(content), alone(), sources, stopwatch.rule);
    if (checked.startedBy === undefined) kept.put(content, checked);
    return checked;
  });
  // Those that events start are looked into when it is known who sends these.
  const byFile = new Map(specs.map((content) => [content.file, content]));
  const sentBy = once(() => senders(inspected));
  const checked = inspected.map((each): CheckedUseCase => {
    const content = byFile.get(each.file);
    if (each.startedBy === undefined || content === undefined) return each;
    const sending = [...new Set(each.startedBy.flatMap((key) => sentBy().get(key) ?? []))].sort();
    const contents = sending.flatMap((file) => byFile.get(file) ?? []);
    const known = kept.get(content, contents);
    if (known !== undefined) return known;
    const others = contents.flatMap((other) => models.read(other).useCase ?? []);
    const names = createNames(withoutOthers(project, others));
    const complete = { ...each, findings: findingsOf(models.read(content), sources, names, stopwatch.rule) };
    kept.put(content, complete, contents);
    return complete;
  });
  stopwatch.lap("checking use cases");

  const useCases = once(() => specs.flatMap((content) => models.read(content).useCase ?? []));
  const context = createProjectContext({
    ...projectOf(
      root,
      base,
      reading,
      [],
      checked.some(({ isIncomplete }) => isIncomplete),
    ),
    get useCases() {
      return useCases();
    },
  });
  const together = checkTogether(context, checked, severities, sources, stopwatch.rule);
  stopwatch.lap("checking them together");
  models.write();
  kept.write(specs);
  stopwatch.lap("keeping answers");
  const named = checked.map(({ file, name }): NamedSpec => ({ kind: "usecase", file, name }));
  const found = baseProblems(root, base, reading, named).map((problem) => placeProblem(problem, sources));
  return concluded([...found, ...checked.flatMap(({ findings }) => findings), ...together], severities, sources);
}
