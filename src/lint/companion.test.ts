import { expect, test } from "vitest";
import type { Problem } from "../spec/finding.js";
import type { Project, UseCase } from "../spec/model.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import { openCompanion } from "./companion.js";
import type { PlacedFinding } from "./placed-finding.js";

const project = { schema: {} } as Project;
const sound = { problems: [{ severity: "warning" } as Problem] };
const read = (name: string) => ({ name, useCase: { name } as UseCase, problems: [] });
const checked = (found: Partial<CheckedUseCase> = {}): CheckedUseCase => ({ file: "", name: "", findings: [], facts: {}, ...found });
const finding = (severity: "error" | "warning") => ({ severity }) as PlacedFinding;
const open = (made: (useCase: UseCase) => unknown) => openCompanion({ open: () => async (useCase) => made(useCase) }, project, sound);

test("something is made of each use case, warnings or not, that nothing starts", async () => {
  const make = open(({ name }) => `${name}!`);
  expect(await make(read("A"), checked({ findings: [finding("warning")] }))).toBe("A!");
  expect(await make(read("B"), checked({ startedBy: ["Sent@1"] }))).toBeUndefined();
  expect(await make({ ...read("C"), useCase: undefined }, checked())).toBeUndefined();
  expect(await make(read("D"), checked())).toBe("D!");
});

test("without the schema, or with mistakes in what all use cases stand on, nothing is made, and nothing opened", async () => {
  const open = () => {
    throw new Error("It cannot be opened.");
  };
  const problem = { severity: "error" } as Problem;
  expect(await openCompanion({ open }, { schema: undefined } as Project, sound)(read("A"), checked())).toBeUndefined();
  expect(await openCompanion({ open }, project, { problems: [problem] })(read("A"), checked())).toBeUndefined();
});

test("after the first mistake nothing more is made", async () => {
  const make = open(({ name }) => `${name}!`);
  expect(await make(read("A"), checked({ findings: [finding("error")] }))).toBeUndefined();
  expect(await make(read("B"), checked())).toBeUndefined();
});

test("what cannot be made is left to who makes it for good, and without a companion nothing is made", async () => {
  const make = open(({ name }) => {
    if (name === "A") throw new Error("no");
    return name;
  });
  expect([await make(read("A"), checked()), await make(read("B"), checked())]).toEqual([undefined, "B"]);
  expect(await openCompanion(undefined, project, sound)(read("A"), checked())).toBeUndefined();
});
