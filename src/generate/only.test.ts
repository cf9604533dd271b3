import { beforeEach, expect, test } from "vitest";
import { changed, noteLine, smallProject } from "../testing/server/fixtures/small-project.js";

const { read, edit, write, restore, run } = smallProject();
const { code, spec, validator } = noteLine;

beforeEach(async () => {
  restore();
  await run({ force: true });
});

test("writes what one emitter makes, and leaves the rest for a run of all", async () => {
  edit(spec, "Note a line.", "Note one line.");
  edit(spec, "maxLength: 10", "maxLength: 11");
  expect(changed(await run({ only: ["validator"] }))).toEqual([`update ${validator}`]);
  expect(read(code)).toContain("Note a line.");
  expect(changed(await run({ check: true }))).toEqual([`update ${code}`]);
  expect(changed(await run())).toEqual([`update ${code}`]);
});

test("does not overwrite what was edited, and forgets nothing", async () => {
  write(validator, "// mine\n");
  const manifest = read(".usecase/manifest.json");
  expect((await run({ only: ["index", "use-case"] })).refused).toBe(false);
  expect(read(".usecase/manifest.json")).toBe(manifest);
  expect((await run({ only: ["validator"] })).refused).toBe(true);
});

test("says which emitters there are", async () => {
  await expect(run({ only: ["validater"] })).rejects.toMatchObject({ code: "usage", help: "Did you mean validator?" });
});
