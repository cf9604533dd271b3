import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { type LoadedProject, type LoadOptions, loadProject } from "./load-project.js";
import type { Load, TableLoad } from "./model.js";
import type { ToolError } from "./tool-error.js";

// Below this package, so that schema modules find drizzle-orm.
const repository = fileURLToPath(new URL("../..", import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A folder with these files; its schema has no tables, which nothing here needs. */
function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  mkdirSync(join(repository, ".tmp"), { recursive: true });
  const root = mkdtempSync(join(repository, ".tmp", "load-"));
  folders.push(root);
  const all = {
    "usecase.config.yaml": "schema: schema.ts\n",
    "schema.ts": "export {};\n",
    "package.json": '{ "type": "module" }\n',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

function load(files: Readonly<Record<string, string | Uint8Array>>, options: Partial<LoadOptions> = {}): Promise<LoadedProject> {
  return loadProject({ cwd: folder(files), ...options });
}

/** `file:line:column rule message`, sorted. */
function told({ problems, sources }: LoadedProject): string[] {
  return problems
    .map(({ ruleId, message, place, suggestions }) => {
      const { file, line, column } = sources.locate(place);
      return `${file}:${line}:${column} ${ruleId} ${message}${suggestions === undefined ? "" : ` (${suggestions.join(", ")})`}`;
    })
    .sort();
}

const useCase = (name: string, more = "") => `usecase: ${name}\nsummary: s\ncommand: {}\nresult: {}\n${more}`;
const machine = (name: string) => `machine: ${name}\ntable: t\nfield: f\ninitial: a\nstates: { a: { type: final } }\n`;

describe("every form of the language", () => {
  const spec = `
usecase: TryEverything
summary: s
description: |
  More.
tags: [a, b.c]
owner: Team
deprecated: use another
command:
  plain: string
  optional?: uuid
  mapped: { type: integer, minimum: 1, default: 3, description: d }
  secret: { type: string, secret: true, nullable: true }
  list: { items: { fields: { sku: Sku, quantity?: integer } }, minItems: 1 }
  object: { fields: { a: json } }
  choice: { enum: [a, b] }
  textChoice: { type: string, enum: [c, d] }
  numberChoice: { type: integer, enum: [1, 2] }
  spelledList: { type: array, items: string }
  shared: { type: Sku, maxLength: 3 }
idempotency: { key: command.plain, scope: actor, retention: 7d, fingerprint: command.list }
prepare:
  quote: { fields: { due: decimal }, timeout: 3s, error: ProviderUnavailable }
state:
  row:
    table: orders
    where: { id: command.plain, total: 12.50, done: false }
    lock: no key update
    missing: OrderNotFound
  rows:
    table: lines
    where:
      orderId: { eq: row.id, when: has(command.optional) }
      kind: { in: { const: [a, b] } }
      status: { const: open }
      price: { gte: 1, lt: { const: 9 } }
      deletedAt: { isNull: true }
      OR: [{ a: 1 }, { b: { ne: "'x'" } }]
      NOT: { c: { like: "'x%'" } }
    cardinality: many
    wait: skip locked
    orderBy: [{ priority: desc }, createdAt]
    limit: 10
    keyBy: sku
    columns: [id, sku]
    when: command.choice == 'a'
    tenant: none
  sums: { table: lines, where: {}, aggregate: { total: { sum: amount }, count: count, latest: { max: createdAt } } }
  next: { sequence: orders.id }
  gate: { advisoryLock: command.plain, when: true }
policies:
  - permission: orders.do
    resource: row
    error: OrderNotFound
    when: true
  - rule: row.total > 0x10
    error: TooSmall
    with: { total: row.total, one: 1 }
  - check: mayDo
  - policy: shared
transitions:
  - { state: row, machine: Order, event: go, when: true }
writes:
  a: [insert, update, delete]
  b: { insert: true, update: [x], increment: [y], upsert: { key: [k], update: [v] }, delete: { where: { userId: row.id } } }
  c: { update: true, delete: true }
result:
  plain: uuid
  typed: { type: timestamp, from: now }
  computed: { from: row.total }
  listed: { items: string, from: command.list }
errors:
  - OrderNotFound
  - TooSmall: { kind: conflict, message: m, details: { total: decimal }, constraint: [a_check, b_check] }
  - ProviderUnavailable: gone
audit:
  action: orders.tried
  subject: { type: Order, id: row.id }
  reason: none
events:
  - Shared
  - Own: { version: 2, cardinality: many, key: payload.id, when: true, payload: { id: { from: row.id }, given: string } }
jobs:
  Later: { payload: {}, delay: 500ms, maxAttempts: 3, dedupeKey: row.id }
  AtTime: { payload: {}, at: "now + duration('1h')" }
triggers:
  - { job: Later }
  - { event: OrderPlaced, version: 2, command: { plain: event.payload.id } }
  - { schedule: "*/5 * * * *", command: { batch: 100 } }
uses: [mailer]
tx: write
transaction: { isolation: serializable, lockTimeout: 500ms, retries: 0 }
tenant: none
`;
  const shared = `
types: { Sku: { type: string, maxLength: 9 } }
errors: { OrderNotFound: not-found }
events: { Shared: { payload: { at: timestamp } } }
jobs: { SharedJob: { payload: {} } }
policies: { shared: [{ rule: command.plain != '' }, { policy: more }], more: [{ check: another }] }
`;

  test("becomes the model", async () => {
    const loaded = await load({ "specs/try-everything.usecase.yaml": spec, "specs/a.shared.yaml": shared });
    expect(told(loaded)).toEqual([]);
    const [it] = loaded.project.useCases;
    if (it === undefined) throw new Error("not loaded");
    const at = (path: readonly (string | number)[]) => ({ path });
    const expression = (source: string) => expect.objectContaining({ source });

    expect(it).toMatchObject({
      name: "TryEverything",
      kind: "action",
      description: "More.\n",
      owner: "Team",
      deprecated: "use another",
      tags: ["a", "b.c"],
    });
    expect(it.command.map(({ name, optional, type }) => [name, optional, type.kind === "scalar" ? type.name : type.kind])).toEqual([
      ["plain", false, "string"],
      ["optional", true, "uuid"],
      ["mapped", false, "integer"],
      ["secret", false, "string"],
      ["list", false, "array"],
      ["object", false, "object"],
      ["choice", false, "enum"],
      ["textChoice", false, "enum"],
      ["numberChoice", false, "integer"],
      ["spelledList", false, "array"],
      ["shared", false, "reference"],
    ]);
    expect(it.command[1]).toMatchObject(at(["command", "optional?"]));
    expect(it.command[2]?.type.keywords).toEqual({ minimum: 1, default: 3, description: "d" });
    expect(it.command[3]?.type).toMatchObject({ secret: true, nullable: true, keywords: {} });
    expect(it.command[4]?.type).toMatchObject({
      items: { fields: [{ name: "sku" }, { name: "quantity", optional: true }] },
      keywords: { minItems: 1 },
    });
    expect(it.command[6]?.type).toMatchObject({ values: ["a", "b"], keywords: {} });
    expect(it.command[8]?.type.keywords).toEqual({ enum: [1, 2] });
    expect(it.idempotency).toMatchObject({
      key: expression("command.plain"),
      scope: "actor",
      retentionSeconds: 604_800,
      fingerprint: expression("command.list"),
    });
    expect(it.prepare).toMatchObject([{ name: "quote", timeoutMs: 3000, error: { name: "ProviderUnavailable" } }]);

    const [row, rows, sums, next, gate] = it.loads as readonly (TableLoad & Load)[];
    expect(row).toMatchObject({
      kind: "table",
      cardinality: "one",
      lock: "no key update",
      wait: "block",
      missing: { name: "OrderNotFound" },
    });
    // A number or boolean is its own source text: 12.50 is a double, and stays one.
    expect(row?.where.conditions.map(({ operator, value }) => [operator, value.kind === "expression" && value.expression.source])).toEqual([
      ["eq", "command.plain"],
      ["eq", "12.50"],
      ["eq", "false"],
    ]);
    expect(rows).toMatchObject({
      wait: "skip locked",
      limit: 10,
      keyBy: { name: "sku" },
      columns: [{ name: "id" }, { name: "sku" }],
      tenantOff: true,
    });
    expect(rows?.orderBy).toMatchObject([
      { column: "priority", direction: "desc" },
      { column: "createdAt", direction: "asc" },
    ]);
    expect(rows?.where.conditions.map(({ column, operator, value, when }) => [column.name, operator, value.kind, when?.source])).toEqual([
      ["orderId", "eq", "expression", "has(command.optional)"],
      ["kind", "in", "const", undefined],
      ["status", "eq", "const", undefined],
      ["price", "gte", "expression", undefined],
      ["price", "lt", "const", undefined],
      ["deletedAt", "isNull", "flag", undefined],
    ]);
    expect(rows?.where.conditions[1]?.value).toMatchObject({ value: ["a", "b"], path: ["state", "rows", "where", "kind", "in", "const"] });
    expect(rows?.where.or).toMatchObject([
      [{ conditions: [{ column: { name: "a" } }] }, { conditions: [{ column: { name: "b" }, operator: "ne" }] }],
    ]);
    expect(rows?.where.not).toMatchObject([{ conditions: [{ column: { name: "c" }, operator: "like" }] }]);
    expect(sums?.aggregate).toMatchObject([
      { name: "total", function: "sum", column: "amount" },
      { name: "count", function: "count" },
      { name: "latest", function: "max", column: "createdAt" },
    ]);
    expect(next).toMatchObject({ kind: "sequence", sequence: "orders.id" });
    expect(gate).toMatchObject({ kind: "advisoryLock", key: expression("command.plain"), when: expression("true") });

    expect(it.policies).toMatchObject([
      {
        kind: "permission",
        permission: "orders.do",
        resource: expression("row"),
        error: { name: "OrderNotFound" },
        when: expression("true"),
      },
      { kind: "rule", rule: expression("row.total > 0x10"), details: [{ name: "total" }, { name: "one", value: expression("1") }] },
      { kind: "check", check: { name: "mayDo" } },
      { kind: "rule", file: "specs/a.shared.yaml", path: ["policies", "shared", 0], rule: { file: "specs/a.shared.yaml" } },
      { kind: "check", file: "specs/a.shared.yaml", path: ["policies", "more", 0] },
    ]);
    expect(it.writes).toMatchObject([
      { table: { name: "a" }, insert: true, update: "any", delete: "row" },
      {
        table: { name: "b" },
        insert: true,
        update: [{ name: "x" }],
        increment: [{ name: "y" }],
        upsert: { key: [{ name: "k" }] },
        delete: { conditions: [{}] },
      },
      { table: { name: "c" }, insert: false, update: "any", delete: "row" },
    ]);
    expect(it.result.map(({ type, from }) => [type.kind, from?.source])).toEqual([
      ["scalar", undefined],
      ["scalar", "now"],
      ["inferred", "row.total"],
      ["array", "command.list"],
    ]);
    expect(it.errors).toMatchObject([
      { name: "OrderNotFound", kind: "not-found", file: "specs/a.shared.yaml" },
      { name: "TooSmall", kind: "conflict", message: "m", constraints: [{ name: "a_check" }, { name: "b_check" }] },
      { name: "ProviderUnavailable", kind: "gone" },
    ]);
    expect(it.audit).toMatchObject({ action: "orders.tried", subject: { type: "Order", id: expression("row.id") }, reason: "none" });
    expect(it.events).toMatchObject([
      { name: "Shared", version: 1, file: "specs/a.shared.yaml" },
      { name: "Own", version: 2, cardinality: "many", payload: [{ from: expression("row.id") }, { from: undefined }] },
    ]);
    expect(it.jobs).toMatchObject([
      { name: "Later", delaySeconds: 0.5, maxAttempts: 3, dedupeKey: expression("row.id") },
      { name: "AtTime", at: expression("now + duration('1h')") },
    ]);
    expect(it.triggers).toMatchObject([
      { kind: "job", job: "Later" },
      { kind: "event", event: "OrderPlaced", version: 2 },
      { kind: "schedule", schedule: "*/5 * * * *", command: [{ name: "batch", value: expression("100") }] },
    ]);
    expect(it.transaction).toMatchObject({ isolation: "serializable", lockTimeoutMs: 500, statementTimeoutMs: 5000, retries: 0 });
    expect([it.tx, it.tenantOff, it.uses[0]?.name]).toEqual(["write", true, "mailer"]);
  });
});

test("places inside expressions, in plain, quoted and block scalars", async () => {
  const policies = `policies:\n  - rule: size(x) > 0\n  - rule: "a == \\"b\\" && size(x)"\n  - rule: |\n      one &&\n      size(x)\n`;
  const { sources, project } = await load({ "specs/sample.usecase.yaml": useCase("Sample", policies) });
  const rules = project.useCases[0]?.policies;
  const places = (rules === "none" || rules === undefined ? [] : rules).map((policy) => {
    if (policy.kind !== "rule") throw new Error("no rule");
    const start = policy.rule.source.indexOf("size");
    const { line, column, endColumn } = sources.locate({
      file: "specs/sample.usecase.yaml",
      path: policy.rule.path,
      span: { start, end: start + 4 },
    });
    return sources
      .text("specs/sample.usecase.yaml")
      ?.split("\n")
      [line - 1]?.slice(column - 1, endColumn - 1);
  });
  expect(places).toEqual(["size", "size", "size"]);
  expect(sources.files).toEqual(["specs/sample.usecase.yaml", "usecase.config.yaml"]);
});

describe("names", () => {
  test("that clash, are taken or do not match their file", async () => {
    const loaded = await load({
      "specs/get-url.usecase.yaml": useCase("GetURL"),
      "specs/a/get-url.usecase.yaml": useCase("GetUrl"),
      "specs/move.usecase.yaml": useCase("Move"),
      "specs/again/move.usecase.yaml": useCase("Move"),
      "specs/wrong.usecase.yaml": useCase("Right"),
      "specs/con.usecase.yaml": useCase("Con"),
      "specs/promise.usecase.yaml": useCase("Promise"),
      "specs/order.machine.yaml": machine("Order"),
      "specs/b/order.machine.yaml": machine("Order"),
      "specs/notes.yaml": "a: 1\n",
      "specs/late.usecase.yml": useCase("Late"),
      "specs/a.shared.yaml": "types: { Date: string, Sku: string }\nerrors: { A: gone }\n",
      "specs/b.shared.yaml": "types: { Sku: string }\n",
    });
    expect(told(loaded)).toEqual(
      [
        'specs/b.shared.yaml:1:10 spec/duplicate "Sku" is declared twice among the shared types.',
        'specs/a.shared.yaml:1:10 spec/name "Date" is a type of JavaScript or TypeScript already.',
        'specs/con.usecase.yaml:1:10 spec/name "Con" cannot be the name of files, types and constants.',
        "specs/get-url.usecase.yaml:1:10 spec/name GetURL and GetUrl are both called get-url in files.",
        "specs/late.usecase.yml:1:1 spec/file-name The name does not say what the file is, so it is not read.",
        "specs/move.usecase.yaml:1:10 spec/duplicate There are two of the name Move.",
        "specs/notes.yaml:1:1 spec/file-name The name does not say what the file is, so it is not read.",
        "specs/order.machine.yaml:1:10 spec/duplicate There are two of the name Order.",
        'specs/promise.usecase.yaml:1:10 spec/name "Promise" cannot be the name of files, types and constants.',
        "specs/wrong.usecase.yaml:1:10 spec/file-name Right belongs into a file called right.usecase.yaml.",
      ].sort(),
    );
  });

  test("inside a use case", async () => {
    const text = `usecase: Sample
summary: s
command:
  a: string
  a?: string
  constructor: string
  in: string
  package: string
state:
  command: { table: t }
  map: { table: t }
  delete: { table: t }
  toString: { table: t }
  rows: { table: t }
result: {}
errors: [{ Forbidden: conflict }, { A: gone }, { A: gone }]
`;
    expect(told(await load({ "specs/sample.usecase.yaml": text }))).toEqual(
      [
        "specs/sample.usecase.yaml:5:3 spec/duplicate The field a is there twice, required and optional.",
        'specs/sample.usecase.yaml:6:3 spec/name "constructor" is on every JavaScript object already.',
        'specs/sample.usecase.yaml:7:3 spec/name "in" is a word of CEL: no expression could name it.',
        'specs/sample.usecase.yaml:10:3 spec/name "command" means something else in expressions already.',
        'specs/sample.usecase.yaml:11:3 spec/name "map" is a word of CEL and cannot name a load.',
        'specs/sample.usecase.yaml:12:3 spec/name "delete" is a word of JavaScript and cannot name a load.',
        'specs/sample.usecase.yaml:13:3 spec/name "toString" is on every JavaScript object already.',
        "specs/sample.usecase.yaml:16:12 spec/name Forbidden is built in and never redeclared.",
        "specs/sample.usecase.yaml:16:53 spec/duplicate The error A is listed twice.",
      ].sort(),
    );
  });
});

describe("shared declarations", () => {
  test("unknown names have suggestions; policies that insert themselves are found", async () => {
    const loaded = await load({
      "specs/sample.usecase.yaml": useCase("Sample", "errors: [OrderNotFond]\nevents: [Placed]\n").replace(
        "result:",
        "policies: [{ policy: mayChange }, { policy: round }]\nresult:",
      ),
      "specs/a.shared.yaml":
        "errors: { OrderNotFound: gone }\npolicies:\n  mayChangeOrder: []\n  round: [{ policy: again }]\n  again: [{ policy: round }]\n",
    });
    expect(told(loaded)).toEqual([
      'specs/a.shared.yaml:5:21 spec/schema The policies "round" insert themselves: round → again → round.',
      'specs/sample.usecase.yaml:4:22 spec/unknown-reference No shared file declares the policies "mayChange". (mayChangeOrder)',
      'specs/sample.usecase.yaml:6:10 spec/unknown-reference No shared file declares the error "OrderNotFond". (OrderNotFound)',
      'specs/sample.usecase.yaml:7:10 spec/unknown-reference No shared file declares the event "Placed".',
    ]);
  });

  test("what is damaged is known all the same: one mistake, one problem", async () => {
    const loaded = await load({
      "specs/sample.usecase.yaml": useCase("Sample", "errors: [A]\nevents: [E]\n").replace(
        "command: {}",
        "command: { a: T }\npolicies: [{ policy: p }]",
      ),
      "specs/a.shared.yaml":
        "types: { T: { typ: string } }\nerrors: { A: nope }\nevents: { E: { payload: 3 } }\npolicies: { p: [{ rul: x }] }\n",
    });
    expect(told(loaded)).toHaveLength(4);
    expect(told(loaded).every((line) => line.startsWith("specs/a.shared.yaml"))).toBe(true);
    expect(loaded.project.useCases[0]?.errors.map(({ name }) => name)).toEqual(["A"]);
    expect(loaded.project.types.map(({ name }) => name)).toEqual(["T"]);
  });

  test("a file that is no YAML hides what it declares, so nothing is called unknown", async () => {
    const loaded = await load({
      "specs/sample.usecase.yaml": useCase("Sample", "errors: [A]\n"),
      "specs/a.shared.yaml": "errors: { A: gone\nx: 1\n",
    });
    expect(told(loaded)).toEqual(["specs/a.shared.yaml:2:1 spec/syntax A { or [ above is not closed."]);
  });

  test("machines that cannot be read are known by name", async () => {
    const { project } = await load({ "specs/order.machine.yaml": "machine: Order\n", "specs/work-item.machine.yaml": "machine: [" });
    expect([project.machines, project.unreadMachines]).toEqual([[], ["Order", "WorkItem"]]);
  });

  test("types whose keywords contradict themselves, or that need themselves", async () => {
    const types = `types:
  Pattern: { type: string, pattern: "(" }
  Bounds: { type: integer, minimum: 3, maximum: 1 }
  Default: { type: boolean, default: maybe }
  Beside: { type: Default, maxLength: 3 }
  Endless: { fields: { other: Other } }
  Other: { fields: { endless: Endless } }
  Tree: { fields: { children: { items: Tree }, parent?: Tree, twin: { type: Tree, nullable: true } } }
`;
    expect(told(await load({ "specs/a.shared.yaml": types }))).toEqual([
      'specs/a.shared.yaml:2:37 spec/schema "(" is no regular expression.',
      "specs/a.shared.yaml:3:37 spec/schema minimum is above maximum: no value can fit.",
      "specs/a.shared.yaml:4:38 spec/schema The default is not a boolean.",
      'specs/a.shared.yaml:5:39 spec/schema "maxLength" says nothing about Default, which is a boolean.',
      "specs/a.shared.yaml:6:3 spec/schema The type Endless needs itself, so that no value of it can exist.",
      "specs/a.shared.yaml:7:3 spec/schema The type Other needs itself, so that no value of it can exist.",
    ]);
  });
});

describe("files", () => {
  test("unsaved texts come before what is on disk, and may be new", async () => {
    const cwd = folder({ "specs/sample.usecase.yaml": "usecase: [" });
    const overrides = new Map([
      ["specs/sample.usecase.yaml", useCase("Sample")],
      ["specs/newer.usecase.yaml", useCase("Newer")],
      ["elsewhere/other.usecase.yaml", useCase("Other")],
    ]);
    const loaded = await loadProject({ cwd, overrides });
    expect(told(loaded)).toEqual([]);
    expect(loaded.project.useCases.map(({ name }) => name)).toEqual(["Newer", "Sample"]);
  });

  test("links, hidden folders and node_modules are not followed", async () => {
    const outside = folder({ "secret.usecase.yaml": useCase("Secret") });
    const cwd = folder({ "specs/.git/a.usecase.yaml": "x", "specs/node_modules/a.usecase.yaml": "x" });
    symlinkSync(outside, join(cwd, "specs/link"));
    symlinkSync(join(outside, "secret.usecase.yaml"), join(cwd, "specs/secret.usecase.yaml"));
    const loaded = await loadProject({ cwd });
    expect(loaded.project.useCases).toEqual([]);
    const refusal = "It is a link, and links are not followed: nothing outside of the folder is read.";
    expect(told(loaded)).toEqual(["link", "secret.usecase.yaml"].map((file) => `specs/${file}:1:1 spec/file-name ${refusal}`));
  });

  test("no folder of specs: nothing is loaded", async () => {
    const loaded = await load({});
    expect([loaded.project.useCases, loaded.problems]).toEqual([[], []]);
  });

  test("a schema that cannot be read is one problem, and the specs are there", async () => {
    const loaded = await load({ "usecase.config.yaml": "schema: nowhere.ts\n", "specs/sample.usecase.yaml": useCase("Sample") });
    expect(loaded.project.schema).toBeUndefined();
    expect(loaded.project.useCases).toHaveLength(1);
    expect(loaded.problems).toMatchObject([{ ruleId: "spec/drizzle-schema", place: { file: "usecase.config.yaml", path: ["schema", 0] } }]);
  });
});

describe("the configuration", () => {
  const refused = async (files: Readonly<Record<string, string>>, options: Partial<LoadOptions> = {}): Promise<ToolError> => {
    try {
      await load(files, options);
    } catch (error) {
      return error as ToolError;
    }
    throw new Error("not refused");
  };

  test("has defaults for everything but the schema, and is found from a folder below", async () => {
    const root = folder({ "specs/deep/er/sample.usecase.yaml": useCase("Sample") });
    const { project } = await loadProject({ cwd: join(root, "specs/deep") });
    expect(project.root).toBe(root);
    expect(project.config).toEqual({
      file: "usecase.config.yaml",
      tables: { schema: undefined, migrations: "drizzle" },
      specs: "specs",
      schema: ["schema.ts"],
      out: "src/usecases",
      migrations: "drizzle",
      lockOrder: [],
      tenant: undefined,
      version: undefined,
      session: {},
      secretColumns: {},
      claims: [],
      transaction: { lockTimeoutMs: 2000, statementTimeoutMs: 5000, retries: 3 },
      services: undefined,
      rows: {},
      imports: ".js",
      templates: undefined,
      rules: {},
    });
  });

  const full = {
    specs: "./use-cases/",
    schema: ["schema.ts"],
    out: "generated",
    lockOrder: ["a", "b"],
    tenant: { column: "tenantId", value: "actor.tenantId" },
    version: { column: "version" },
    session: { "app.tenant_id": "actor.tenantId" },
    secretColumns: { users: ["email"] },
    actor: { claims: { plan: { enum: ["free", "pro"] } } },
    transaction: { lockTimeout: "1s", statementTimeout: "500ms", retries: 0 },
    services: "src/services.ts",
    rows: { people: "Person" },
    imports: "none",
    templates: "templates",
    lint: { rules: { "lock/write-without-lock": "error", "audit/reason-optional": "off" } },
  };

  test.each([
    ["usecase.config.json", JSON.stringify(full)],
    ["usecase.config.ts", `const config: object = ${JSON.stringify(full)};\nexport default config;\n`],
    ["usecase.config.js", `export default ${JSON.stringify(full)};\n`],
  ])("may be %s", async (name, text) => {
    const root = folder({ [name]: text, "use-cases/sample.usecase.yaml": useCase("Sample") });
    rmSync(join(root, "usecase.config.yaml"));
    const { project } = await loadProject({ cwd: root });
    expect(project.useCases).toHaveLength(1);
    expect(project.config).toMatchObject({
      file: name,
      specs: "use-cases",
      out: "generated",
      tenant: { column: "tenantId", value: "actor.tenantId" },
      session: { "app.tenant_id": "actor.tenantId" },
      secretColumns: { users: ["email"] },
      claims: [{ name: "plan", file: name, type: { kind: "enum", values: ["free", "pro"] } }],
      transaction: { lockTimeoutMs: 1000, statementTimeoutMs: 500, retries: 0 },
      rows: { people: "Person" },
      imports: "none",
      rules: { "lock/write-without-lock": "error", "audit/reason-optional": "off" },
    });
  });

  test.each([
    [
      "schema: schema.ts\nout: [a]\nlocOrder: [a]\n",
      'usecase.config.yaml:2:6 Expected a path relative to this file; found a list.\nusecase.config.yaml:3:1 The configuration has no key "locOrder". Did you mean lockOrder?',
    ],
    ["schema: /etc/passwd\n", 'usecase.config.yaml:1:9 "/etc/passwd" is not a path relative to this file.'],
    ["schema: a.ts\ntenant: { column: tenantId }\n", 'usecase.config.yaml:2:1 The tenant convention needs the key "value".'],
    [
      "schema: a.ts\ntables: { schema: public }\n",
      'usecase.config.yaml:2:19 "public" is not the name of a Postgres schema other than public.',
    ],
    ["schema: a.ts\nlint: { rules: { a/b: fatal } }\n", 'usecase.config.yaml:2:23 Expected error, warning or off; found "fatal".'],
    ["schema: [\n", "usecase.config.yaml:2:1 A { or [ above is not closed."],
    ["", "usecase.config.yaml:1:1 The file is empty."],
  ])("%j is refused", async (text, message) => {
    expect(await refused({ "usecase.config.yaml": text })).toMatchObject({ name: "ToolError", code: "config/invalid", message });
  });

  test("without a schema it says how to name one", async () => {
    const error = await refused({ "usecase.config.yaml": "specs: specs\n" });
    expect(error.message).toBe('usecase.config.yaml:1:1 The configuration needs the key "schema".');
    expect(error.help).toContain("schema: src/db/schema.ts");
  });

  test("mistakes in a module name the key", async () => {
    const error = await refused(
      { "other.config.js": "export default { schema: 'a.ts', tenant: { column: 1, value: 'x' } };\n" },
      { config: "other.config.js" },
    );
    expect(error.message).toBe("other.config.js at tenant.column: Expected a property name; found the number 1.");
  });

  test.each([
    ["nothing.yaml", "config/missing", "There is no configuration nothing.yaml."],
    ["throws.js", "config/unreadable", /throws\.js cannot be run: no luck$/],
    ["empty.js", "config/invalid", /empty\.js has no default export\.$/],
    ["round.js", "config/invalid", /round\.js is no plain data: /],
  ])("--config %s", async (config, code, message) => {
    const files = {
      "throws.js": "throw new Error('no luck');\n",
      "empty.js": "export {};\n",
      "round.js": "const a = {}; a.a = a; export default a;\n",
    };
    const error = await refused(files, { config });
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test("there must be one, and not two", async () => {
    const root = folder({ "usecase.config.json": '{ "schema": "schema.ts" }\n' });
    await expect(loadProject({ cwd: root })).rejects.toMatchObject({
      code: "config/invalid",
      message: expect.stringContaining("two configurations"),
    });
    const empty = mkdtempSync(join(tmpdir(), "usecase-load-"));
    folders.push(empty);
    await expect(loadProject({ cwd: empty })).rejects.toMatchObject({
      code: "config/missing",
      help: expect.stringContaining("usecase init"),
    });
  });
});
