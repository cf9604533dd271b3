import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { changed, noteLine, smallProject } from "../testing/server/fixtures/small-project.js";

const { root, write, read, restore, run } = smallProject();
const moved = (path: string) => path.replace("src/usecases", "src/actions");
const isThere = (path: string) => existsSync(join(root, path));
const { code, handler } = noteLine;

beforeEach(async () => {
  restore();
  await run({ force: true });
});

test("where `out` leads elsewhere, generated files and handlers move along, and what was edited stays and is told", async () => {
  const mine = `${read(handler)}// mine\n`;
  write(handler, mine);
  write(noteLine.validator, "// mine\n");
  write("usecase.config.yaml", "schema: schema.ts\nout: src/actions\n");
  expect((await run({ check: true })).stale).toBe(true);
  const report = await run();
  expect(changed(report)).toEqual(
    [
      `create ${moved(code)}`,
      `move ${moved(handler)}`,
      `move ${moved(handler.replace(".handler", ".test"))}`,
      `create ${moved(noteLine.validator)}`,
      "create src/actions/index.gen.ts",
      "create src/actions/repositories/logs.gen.ts",
      "left src/usecases/index.gen.ts",
      `left ${code}`,
      `abandoned ${noteLine.validator}`,
      "left src/usecases/repositories/logs.gen.ts",
    ].sort((a, b) => (a.replace(/^\w+ /, "") < b.replace(/^\w+ /, "") ? -1 : 1)),
  );
  expect(read(moved(handler))).toBe(mine);
  expect([code, handler, noteLine.validator].map(isThere)).toEqual([false, false, true]);
  expect(changed(await run())).toEqual([`abandoned ${noteLine.validator}`]);
});
