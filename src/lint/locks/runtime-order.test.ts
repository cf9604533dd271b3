// The order that lint assumes is the order that the runtime takes: both are asked about the same generated definitions.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { Definition } from "../../runtime/internals.js";
import { planLoads } from "../../runtime/load/plan-loads.js";
import { loadProject } from "../../spec/load-project.js";
import { kebabCase } from "../../spec/names.js";
import { type GeneratedProject, generatedProject } from "../../testing/server/fixtures/generated-project.js";
import { createProjectContext } from "../project-context.js";
import { unchangedColumns } from "./gates.js";
import { lockSequence } from "./use-case-steps.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const samples = Object.fromEntries(
  readdirSync(join(repository, "specs")).map((file) => [`specs/${file}`, readFileSync(join(repository, "specs", file), "utf8")]),
);

/** Every way in which a level is sorted: by table, by strength, merged or alone, through other loads. */
const tangled = `
usecase: TangleUp
summary: Lock many things.
command: { a: uuid, b: uuid, c: uuid }
idempotency: { key: caller }
state:
  payment: { table: payments, where: { id: command.c }, lock: share }
  third: { table: reservations, where: { id: command.c }, lock: no key update }
  plain: { table: orders, where: { id: command.b } }
  first: { table: inventoryBalances, where: { id: command.a }, lock: no key update }
  second: { table: inventoryBalances, where: { id: command.b }, lock: update }
  also: { table: inventoryBalances, where: { id: command.c }, lock: no key update }
  queue: { table: inventoryBalances, where: { sku: { const: x } }, cardinality: many, limit: 3, lock: no key update, wait: skip locked }
  order: { table: orders, where: { id: command.a }, lock: no key update }
  product: { table: products, where: { sku: first.sku }, lock: no key update }
  line: { table: orderLines, where: { id: third.orderLineId }, lock: no key update }
  last: { table: orders, where: { id: line.orderId }, lock: no key update, when: product.name != '' }
policies: [{ permission: all }]
writes: { orders: { update: [reservedAt] } }
result: {}
`;

let project: GeneratedProject;
afterAll(() => project?.remove());

test("the locks of loads, level by level", async () => {
  project = await generatedProject({
    "usecase.config.yaml":
      "schema: schema.ts\nimports: .js\nservices: services.ts\nlockOrder: [orders, orderLines, inventoryBalances]\ntenant: { column: tenantId, value: actor.tenantId }\n",
    "schema.ts": readFileSync(join(repository, "generated-example/src/db/schema.ts"), "utf8"),
    "services.ts": readFileSync(join(repository, "generated-example/src/services.ts"), "utf8"),
    ...samples,
    "specs/tangle-up.usecase.yaml": tangled,
  });
  const loaded = await loadProject({ cwd: project.root });
  const { useCases, project: model } = createProjectContext(loaded.project);
  let compared = 0;
  for (const context of useCases) {
    const { name, kind } = context.useCase;
    if (kind === "query") continue;
    const { steps } = lockSequence(context, { lockOrder: model.config.lockOrder }, unchangedColumns(useCases));
    const assumed = steps.flatMap(({ stage, resource, lock, loads }) =>
      stage.kind === "load" ? [{ level: stage.level, table: resource, lock, loads }] : [],
    );
    const definition = await definitionOf(name);
    const taken = planLoads(definition).flatMap((level, index) =>
      level.groups.flatMap(({ repository: { name: table }, lock, loads }) =>
        lock === "none" ? [] : [{ level: index, table, lock, loads: loads.map((load) => load.name) }],
      ),
    );
    expect(assumed, name).toEqual(taken);
    compared += taken.length;
  }
  expect(compared).toBeGreaterThan(12);
});

async function definitionOf(name: string): Promise<Definition> {
  const file = join(project.root, "src/usecases", kebabCase(name), `${kebabCase(name)}.gen.ts`);
  const module = await import(/* @vite-ignore */ pathToFileURL(file).href);
  return module.defineHandler({ apply: () => ({}), checks: {} }).internals.definition;
}
