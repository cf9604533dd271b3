// The cases of Hermitage, through use cases: what calls at once can do to each other, by what their specs declare. The
// table in docs/isolation.md says what is prevented; each of its cells is played here.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { playSteps, type Step } from "../testing/server/fixtures/stepped-calls.js";
import { balances, balancesRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import type { Definition, Erased, ErasedLoad, Fields } from "./internals.js";
import type { UseCase } from "./use-case.js";

let database: RuntimeDatabase;
beforeAll(async () => {
  database = await openRuntimeDatabase();
});
afterAll(() => database.close());

const declarations = ["no lock", "rows locked", "advisory lock", "serializable", "query"] as const;
type Declaration = (typeof declarations)[number];

interface Row {
  readonly id: string;
  readonly quantity: number;
}
interface Writes {
  update(row: Row, changes: { quantity: number }): Row;
  insert(row: object): Row;
}
/** What the loads found, in their order. */
type Found = readonly Row[];
type Decide = (writes: Writes, first: Found, second: Found) => void;

const many: Partial<ErasedLoad> = { cardinality: "many" };
const x: Partial<ErasedLoad> = { ...many, where: { id: ({ command }) => command["x"] } };
const y: Partial<ErasedLoad> = { ...many, where: { id: ({ command }) => command["y"] } };
const thirty: Partial<ErasedLoad> = { ...many, where: { tenantId: ({ actor }) => actor.tenantId, quantity: { gte: () => 30 } } };
const loads = {
  /** Two statements: what happens between them may show. */
  "x, then y": { first: x, second: { ...y, after: ["first"] } },
  both: { first: x, second: y },
  "those of 30, twice": { first: thirty, second: { ...thirty, after: ["first"] } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Partial<ErasedLoad>>>>>;

/** A use case with these loads and this declaration; its result is what it has seen. */
function declared(declaration: Declaration, from: keyof typeof loads, decide?: Decide): UseCase<Erased> {
  const lock = declaration === "rows locked" ? "no key update" : "none";
  const state = Object.fromEntries(Object.entries(loads[from]).map(([name, load]) => [name, { from: balancesRepository, lock, ...load }]));
  const isolation = declaration === "serializable" ? ({ isolation: "serializable" } as const) : {};
  const more: Partial<Definition> = {
    ...(declaration === "advisory lock" && { advisoryLocks: { place: { key: ({ actor }) => actor.tenantId } } }),
    ...(declaration === "query" ? { query: true } : { writes: { balances: { into: balancesRepository, insert: true, update: true } } }),
    transaction: { ...isolation, lockTimeoutMs: 20_000, statementTimeoutMs: 20_000, retries: 20 },
    ...(declaration === "query" && { audit: undefined as never }),
  };
  return testUseCase({ name: "Isolated", state: state as Definition["state"], ...more }, (input) => {
    const { first, second } = input.state as unknown as { first: Found; second: Found };
    decide?.((input["writes"] as { balances: Writes }).balances, first, second);
    return { result: { first: quantities(first), second: quantities(second) } };
  });
}

const quantities = (rows: Found) => rows.map(({ quantity }) => quantity);
const setBoth =
  (x: number, y: number): Decide =>
  (writes, [rowX], [rowY]) => {
    if (rowX === undefined || rowY === undefined) expect.fail();
    writes.update(rowX, { quantity: x });
    writes.update(rowY, { quantity: y });
  };
/** Of the first or of the second row, from what it was. */
const set =
  (which: "x" | "y", to: (x: number, y: number) => number | undefined): Decide =>
  (writes, [rowX], [rowY]) => {
    if (rowX === undefined || rowY === undefined) expect.fail();
    const quantity = to(rowX.quantity, rowY.quantity);
    if (quantity !== undefined) writes.update(which === "x" ? rowX : rowY, { quantity });
  };
const insertIfNone: Decide = (writes, first) => {
  if (first.length === 0) writes.insert({ sku: randomUUID(), locationId: randomUUID(), quantity: 30 });
};

interface Seen {
  readonly first: readonly number[];
  readonly second: readonly number[];
}
/** What the calls saw, and what they left: x, y, and how many rows of 30 there are. */
interface End {
  readonly seen: readonly (Seen | undefined)[];
  readonly x: number;
  readonly y: number;
  readonly thirties: number;
}

/** Plays the calls on a tenant of their own with x of 10 and y of 20. */
async function play(useCases: readonly UseCase<Erased>[], steps: readonly Step[]): Promise<End> {
  const tenantId = randomUUID();
  // Sorted, as they are locked.
  const [x = "", y = ""] = [randomUUID(), randomUUID()].sort();
  const row = { tenantId, sku: "A" };
  await database.db.insert(balances).values([
    { ...row, id: x, locationId: randomUUID(), quantity: 10 },
    { ...row, id: y, locationId: randomUUID(), quantity: 20 },
  ]);
  const context = { actor: { type: "user", id: "u-1", tenantId } };
  const answers: readonly (Fields | undefined)[] = await playSteps(
    database,
    useCases.map((useCase) => ({ useCase, command: { x, y }, context })),
    steps,
  );
  const rows = await database.rows<Row>("select id, quantity from balances where tenant_id = $1", [tenantId]);
  const left = (id: string) => rows.find((each) => each.id === id)?.quantity ?? expect.fail();
  const thirties = rows.filter(({ quantity }) => quantity === 30).length;
  return { seen: answers as readonly (Seen | undefined)[], x: left(x), y: left(y), thirties };
}

/** Of each case: whether its anomaly shows. A call that only looks does so as declared, the others as far as they can. */
const cases: Readonly<Record<string, (declaration: Declaration) => Promise<boolean>>> = {
  async G0(declaration) {
    const { x, y } = await play(
      [declared(declaration, "both", setBoth(11, 21)), declared(declaration, "both", setBoth(12, 22))],
      [...both("write"), ...both("commit"), ...both("end")],
    );
    return y - x !== 10;
  },
  async G1a(declaration) {
    const { seen, x } = await play(
      [declared(acting(declaration), "both", setBoth(101, 201)), declared(declaration, "both")],
      [
        [0, "commit"],
        [1, "end"],
        [0, "abort"],
      ],
    );
    expect(x).toBe(10);
    return seen[1]?.first[0] !== 10;
  },
  async G1b(declaration) {
    const twice: Decide = (writes, [rowX]) => {
      if (rowX === undefined) expect.fail();
      writes.update(writes.update(rowX, { quantity: 101 }), { quantity: 11 });
    };
    const { seen, x } = await play(
      [declared(acting(declaration), "both", twice), declared(declaration, "x, then y"), declared(declaration, "both")],
      [
        [0, "commit"],
        [1, "end"],
        [2, "end"],
        [0, "end"],
      ],
    );
    expect(x).toBe(11);
    return seen.some((each) => each?.first[0] === 101);
  },
  async G1c(declaration) {
    const { seen } = await play(
      [
        declared(
          declaration,
          "both",
          set("x", () => 11),
        ),
        declared(
          declaration,
          "both",
          set("y", () => 22),
        ),
      ],
      [...both("write"), ...both("commit"), ...both("end")],
    );
    return seen[0]?.second[0] === 22 && seen[1]?.first[0] === 11;
  },
  async OTV(declaration) {
    const writing = acting(declaration);
    const { seen } = await play(
      [declared(writing, "both", setBoth(11, 21)), declared(writing, "both", setBoth(12, 22)), declared(declaration, "x, then y")],
      [
        [0, "commit"],
        [1, "commit"],
        [0, "end"],
        [2, "load 2"],
        [1, "end"],
        [2, "end"],
      ],
    );
    const { first: [x] = [], second: [y] = [] } = seen[2] ?? {};
    return (x ?? 0) === 12 && (y ?? 0) !== 22;
  },
  async PMP(declaration) {
    const { seen } = await play(
      [declared(declaration, "those of 30, twice"), declared(acting(declaration), "those of 30, twice", insertIfNone)],
      [
        [0, "load 2"],
        [1, "end"],
        [0, "end"],
      ],
    );
    return seen[0]?.first.length !== seen[0]?.second.length;
  },
  async P4(declaration) {
    const add = (amount: number) =>
      declared(
        declaration,
        "both",
        set("x", (x) => x + amount),
      );
    const { x } = await play([add(1), add(2)], [...both("write"), ...both("end")]);
    return x !== 13;
  },
  async "G-single"(declaration) {
    const { seen } = await play(
      [declared(declaration, "x, then y"), declared(acting(declaration), "both", setBoth(12, 18))],
      [
        [0, "load 2"],
        [1, "end"],
        [0, "end"],
      ],
    );
    const { first: [x = 0] = [], second: [y = 0] = [] } = seen[0] ?? {};
    return x + y !== 30;
  },
  async "G2-item"(declaration) {
    const takeAll = (which: "x" | "y") =>
      declared(
        declaration,
        "both",
        set(which, (x, y) => (x + y >= 30 ? 0 : undefined)),
      );
    const { x, y } = await play([takeAll("x"), takeAll("y")], [...both("write"), ...both("end")]);
    return x + y === 0;
  },
  async G2(declaration) {
    const booking = declared(declaration, "those of 30, twice", insertIfNone);
    const { thirties } = await play([booking, booking], [...both("write"), ...both("end")]);
    return thirties > 1;
  },
};

const both = (to: Step[1]): readonly Step[] => [
  [0, to],
  [1, to],
];

/** A query changes nothing: those that it looks at are actions without locks. */
function acting(declaration: Declaration): Declaration {
  return declaration === "query" ? "no lock" : declaration;
}

/** The table of the documentation: what stands in each cell. */
const documented = new Map(
  readFileSync(new URL("../../docs/isolation.md", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => /^\| (?:G|P|OTV)/.test(line))
    .map((line): [string, readonly string[]] => {
      const [name = "", ...cells] = line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [name.split(" ")[0] ?? "", cells];
    }),
);

test("the documentation has these cases, and no others", () => {
  expect([...documented.keys()]).toEqual(Object.keys(cases));
});

describe.each(Object.entries(cases))("%s", (name, shows) => {
  const cells = declarations.map((declaration, n): [Declaration, string | undefined] => [declaration, documented.get(name)?.[n]]);
  test.each(cells.filter(([, verdict]) => verdict !== "–"))("%s: %s", async (declaration, verdict) => {
    expect((await shows(declaration)) ? "possible" : "prevented").toBe(verdict);
  });
});
