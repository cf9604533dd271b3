import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { useCaseExpressions } from "../lint/expression-uses.js";
import { withoutOthers } from "../lint/project-context.js";
import { checkExpression } from "../spec/expression/check.js";
import { loadProject } from "../spec/load-project.js";
import { createFileMaker, emitUseCase } from "./emit-use-case.js";
import { readTemplates } from "./template/read-templates.js";

vi.mock("../spec/expression/check.js", async (original) => {
  const module = await original<typeof import("../spec/expression/check.js")>();
  return { ...module, checkExpression: vi.fn(module.checkExpression) };
});

const root = fileURLToPath(new URL("../../", import.meta.url));
const { project } = await loadProject({ cwd: root });
const alone = withoutOthers(project);
const maker = createFileMaker(alone, () => readTemplates({ root, folder: undefined, config: undefined }));

test("what nothing starts is made without the other use cases, and of the expressions that lint has checked", async () => {
  const [another, useCase] = project.useCases.filter(({ triggers }) => triggers.length === 0);
  if (another === undefined || useCase === undefined) throw new Error("There are none.");
  // Once for all use cases, what the configuration says is checked.
  await emitUseCase(maker, { useCase: another, seen: undefined });
  expect(useCaseExpressions(alone, useCase).length).toBeGreaterThan(5);
  vi.mocked(checkExpression).mockClear();
  expect((await emitUseCase(maker, { useCase, seen: undefined })).files).not.toEqual([]);
  expect(checkExpression).not.toHaveBeenCalled();
});

test("what messages start waits for those who send them", async () => {
  const useCase = project.useCases.find(({ triggers }) => triggers.some(({ kind }) => kind !== "schedule"));
  if (useCase === undefined) throw new Error("There is none.");
  expect((await emitUseCase(maker, { useCase, seen: undefined })).files).toBeUndefined();
  expect((await emitUseCase(maker, { useCase, seen: project.useCases })).files).not.toEqual([]);
});
