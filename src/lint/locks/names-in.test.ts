import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadProject } from "../../spec/load-project.js";
import { createProjectContext } from "../project-context.js";
import { namesIn } from "./names-in.js";

test.each<readonly [string, readonly string[], readonly string[]]>([
  ["order.id", ["order"], ["id"]],
  ["lines.map(l, l.id)", ["lines", "l"], ["map", "id"]],
  ["order.status == 'lines.x' || note == \"a 'b' c.d\"", ["order", "note"], ["status"]],
  ["has(command.a) ? order . total : command.?b", ["has", "command", "order"], ["a", "total", "b"]],
  ["size(a) > 0 // b.c", ["size", "a"], []],
  ["'it\\'s ' + a", ["a"], []],
])("%s", (source, roots, fields) => {
  const names = namesIn({ source, path: [] });
  expect([[...names.roots], [...names.fields]]).toEqual([roots, fields]);
});

test("reads the same loads as typing does", async () => {
  const { project } = await loadProject({ cwd: fileURLToPath(new URL("../../../", import.meta.url)) });
  let compared = 0;
  for (const { useCase, expressions } of createProjectContext(project).useCases) {
    const loads = useCase.loads.map(({ name }) => name);
    for (const { expression, checked } of expressions()) {
      const read = namesIn(expression);
      expect(
        loads.filter((name) => read.roots.has(name)),
        expression.source,
      ).toEqual(loads.filter((name) => checked.roots.has(name)));
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(50);
});
