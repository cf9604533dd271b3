import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Problem } from "./finding.js";
import { type ReadSpec, readSpec } from "./read-spec.js";
import { createSourceMap } from "./source-map.js";

const kinds = { usecase: "usecase", machine: "machine", shared: "shared" } as const;
const start = "usecase: Sample\nsummary: s\ncommand: {}\nresult: {}\n";

/** `line:column "what is marked" rule message`, and what help there is. */
async function findings(text: string | Uint8Array, kind: ReadSpec["kind"] = "usecase"): Promise<string[]> {
  const { document, problems } = await readSpec(kind, "sample.yaml", text);
  const sources = createSourceMap([document]);
  return problems.map(({ place, ruleId, message, help, suggestions }: Problem) => {
    const { line, column, endLine, endColumn } = sources.locate(place);
    const lines = document.text.split("\n");
    const marked =
      line === endLine ? (lines[line - 1] ?? "").slice(column - 1, endColumn - 1) : `${(lines[line - 1] ?? "").slice(column - 1)}…`;
    const remedy = suggestions !== undefined ? ` (${suggestions.join(", ")})` : help !== undefined ? ` [${help}]` : "";
    return `${line}:${column} «${marked}» ${ruleId} ${message}${remedy}`;
  });
}

describe("the committed samples are valid", () => {
  const folder = new URL("../../specs/", import.meta.url);
  test.each(readdirSync(folder))("%s", async (name) => {
    const kind = kinds[name.split(".").at(-2) as keyof typeof kinds];
    expect(await findings(readFileSync(new URL(name, folder)), kind)).toEqual([]);
  });
});

describe("YAML that means something else than it seems to", () => {
  test.each([
    [
      "policies:\n  - rule: !has(x)\n",
      '6:11 «!has(x)» spec/syntax "!has(x)" is read as a YAML tag; a spec has none. [Quote the expression: "!has(x)"]',
    ],
    [
      "policies:\n  - rule: !has(command.x) && y # why\n",
      '6:11 «!has(command.x)» spec/syntax "!has(command.x)" is read as a YAML tag; a spec has none. [Quote the expression: "!has(command.x) && y"]',
    ],
    [
      "policies: [{ rule: !has(x), error: E }]\n",
      '5:20 «!has(x)» spec/syntax "!has(x)" is read as a YAML tag; a spec has none. [Quote the expression: "!has(x)"]',
    ],
    [
      "state:\n  a: { table: t, where: { sku: { in: lines.map(l, l.sku) } } }\n",
      '6:38 «lines.map(l, l.sku)» spec/syntax The comma inside the brackets ends the value here. [Quote the expression: "lines.map(l, l.sku)"]',
    ],
    [
      "policies: [{ rule: size(a, b) > 2 }]\n",
      '5:20 «size(a, b) > 2» spec/syntax The comma inside the brackets ends the value here. [Quote the expression: "size(a, b) > 2"]',
    ],
    [
      "policies:\n  - rule: a ? b : c\n",
      '6:11 «a» spec/syntax A second ": " on one line. [If a text or an expression is meant, quote it: "a ? b : c"]',
    ],
    [
      "policies: [{ rule: x in ['a', 'b'] }]\n",
      "5:25 «[» spec/syntax Something stands after the value. [If a text or an expression is meant, quote it: \"x in ['a', 'b']\"]",
    ],
    [
      "policies:\n  - rule: 'draft' == order.status\n",
      "6:19 «== order.status» spec/syntax Something stands after the value. [If a text or an expression is meant, quote it: \"'draft' == order.status\"]",
    ],
    [
      "policies:\n  - rule: > 3\n",
      '6:13 «3» spec/syntax Something stands after the value. [If a text or an expression is meant, quote it: "> 3"]',
    ],
    [
      "policies:\n  - rule: *all\n",
      '6:11 «*all» spec/syntax "*all" is read as a YAML alias, but there is no anchor "&all" before it. [If a text or an expression is meant, quote it: "*all"]',
    ],
    [
      "owner: @team\n",
      '5:8 «@» spec/syntax Plain value cannot start with reserved character @. [If a text or an expression is meant, quote it: "@team"]',
    ],
  ])("%j", async (text, expected) => {
    expect(await findings(start + text)).toEqual([expected]);
  });
});

describe("YAML that a spec must not use", () => {
  test.each([
    ["command: { a: uuid }\n", '5:1 «command» spec/syntax "command" is written twice.'],
    ["state: { a: { table: x, table: y } }\n", '5:25 «table» spec/syntax "table" is written twice.'],
    ["owner: !!str me\n", '5:8 «!!str» spec/syntax "!!str" is read as a YAML tag; a spec has none.'],
    ["owner: !!js/function 'x'\n", '5:8 «!!js/function» spec/syntax "!!js/function" is read as a YAML tag; a spec has none.'],
    [
      "state:\n  a: &a { table: x }\n  b:\n    <<: *a\n",
      "8:5 «<<» spec/syntax Merge keys are not part of YAML 1.2. [Write the keys out, or use an alias for the whole value.]",
    ],
    ["&a state: {}\n", "5:4 «state» spec/syntax A key cannot have an anchor."],
    ["errors: { ? [a] : conflict }\n", "5:13 «[» spec/syntax A key must be text."],
    ["state: { a: &s { table: t, where: *s } }\n", '5:35 «*s» spec/syntax "*s" stands for something that it is part of.'],
    ["---\nusecase: B\n", "5:1 «---» spec/syntax A file holds one document. [Put each use case into a file of its own.]"],
    ["policies:\n\t- rule: x\n", "6:1 «\t» spec/syntax A tab in the indentation: YAML wants spaces."],
    ["state: { a: { table: x }\npolicies: none\n", "6:1 «p» spec/syntax A { or [ above is not closed."],
    ['owner: "abc\npolicies: none\n', '5:8 «"» spec/syntax The closing quote is missing.'],
    ["owner: a\u0000b\n", "5:9 «\u0000» spec/syntax The control character U+0000 is not allowed in a spec."],
    [
      "owner: a\u202eb\n",
      "5:9 «\u202e» spec/syntax The character U+202E, which changes the direction of writing, is not allowed in a spec.",
    ],
    ["# a\ufeffb\n", "5:4 «\ufeff» spec/syntax A byte order mark (U+FEFF) inside the text is not allowed in a spec."],
    ["owner: a\u2028b\n", "5:9 «\u2028» spec/syntax The line separator U+2028 is not allowed in a spec."],
    ["owner: a\ud800b\n", "5:9 «\ud800» spec/syntax Half of a surrogate pair (U+D800) is not allowed in a spec."],
    [
      'owner: "a\\u202Eb"\n',
      '5:8 «"a\\u202Eb"» spec/syntax The text has a control character (or one that changes the direction of writing) in it.',
    ],
    [
      "state: { a: { table: x, limit: 12345678901234567890 } }\n",
      "5:32 «12345678901234567890» spec/limits 12345678901234567890 is larger than a JavaScript number holds exactly (2^53 - 1). [Quote it, where a text such as a bigint or a decimal is meant.]",
    ],
    ["state: { a: { table: x, limit: .inf } }\n", "5:32 «.inf» spec/limits .inf is no number that JSON has."],
    ["state: { a: { table: x, limit: 1e999 } }\n", "5:32 «1e999» spec/limits 1e999 is no number that JSON has."],
    ["state: { __proto__: { table: x } }\n", '5:10 «__proto__» spec/name "__proto__" cannot be a name.'],
  ])("%j", async (text, expected) => {
    expect(await findings(start + text)).toEqual([expected]);
  });

  test.each([
    ["", "1:1 «» spec/syntax The file is empty."],
    ["# nothing\n", "1:1 «» spec/syntax The file is empty."],
    ["- a\n", "1:1 «- a» spec/schema Expected a use case; found a list."],
    ["hello\n", '1:1 «hello» spec/schema Expected a use case; found "hello".'],
    ["null\n", "1:1 «null» spec/schema Expected a use case; found nothing."],
    [`%YAML 1.1\n---\n${start}`, "1:1 «%YAML 1.1» spec/syntax A spec has no YAML directives."],
  ])("%j", async (text, expected) => {
    expect(await findings(text)).toEqual([expected]);
  });

  test.each([
    ["UTF-16 with its mark", Buffer.from(`\ufeff${start}`, "utf16le"), "The file is written in UTF-16. [Save it as UTF-8.]"],
    ["UTF-16 without a mark", Buffer.from(start, "utf16le"), "The file is written in UTF-16. [Save it as UTF-8.]"],
    [
      "Latin-1",
      Buffer.concat([Buffer.from(`${start}owner: `), Buffer.from([0xe9, 0x0a])]),
      "A byte that is not UTF-8 (or U+FFFD) is not allowed in a spec.",
    ],
  ])("%s", async (_, bytes, message) => {
    const found = await findings(bytes);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`spec/syntax ${message}`);
  });

  test("a byte order mark at the start is left out", async () => {
    expect(await findings(Buffer.from(`\ufeff${start}polices: none\n`))).toEqual([
      '5:1 «polices» spec/schema A use case has no key "polices". (policies)',
    ]);
  });
});

describe("input that is too much", () => {
  const laughs = `x: &a [${Array(9).fill("1")}]\n${[..."bcdefgh"].map((name, index) => `x${name}: &${name} [${Array(9).fill(`*${"abcdefg"[index]}`)}]`).join("\n")}`;
  test.each([
    ["flow lists", `${start}x: ${"[".repeat(100_000)}`, "5:67 «[» spec/limits Nested deeper than 64 levels."],
    ["flow mappings", `${start}x: ${"{a: ".repeat(3000)}1${"}".repeat(3000)}`, "5:256 «{» spec/limits Nested deeper than 64 levels."],
    ["block lists", "- ".repeat(20_000), "1:129 «-» spec/limits Nested deeper than 64 levels."],
    [
      "block mappings",
      Array.from({ length: 1000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
      "65:66 «:» spec/limits Nested deeper than 64 levels.",
    ],
    ["aliases of aliases", start + laughs, "9:9 «*d» spec/limits Aliases stand for more than 10000 values."],
    ["a megabyte", `a: ${"x".repeat(1024 * 1024)}`, "1:1 «» spec/limits The file is larger than 1 MiB."],
  ])("%s", async (_, text, expected) => {
    expect(await findings(text)).toEqual([expected]);
  });

  test("an alias deep inside for something deep", async () => {
    const deep = (inner: string) => "[".repeat(40) + inner + "]".repeat(40);
    const text = `${start}state: { a: { table: t, where: { c: { const: &c ${deep("")} }, d: { const: ${deep("*c")} } } } }\n`;
    expect(await findings(text)).toEqual(["5:185 «*c» spec/limits Nested deeper than 64 levels."]);
  });

  test("a file with nothing but mistakes is told of the first ones", async () => {
    const text = start + Array.from({ length: 20_000 }, (_, index) => `key${index}: 1`).join("\n");
    expect(await findings(text)).toHaveLength(50);
  });

  test("as deep as is allowed", async () => {
    const text = `${start.replace("result", `state: { a: { table: t, where: { c: { const: ${"[".repeat(59)}${"]".repeat(59)} } } } }\nresult`)}`;
    expect(await findings(text)).toEqual([]);
  });
});

describe("keys and values that the language does not have", () => {
  test.each([
    ["polices: none", ['5:1 «polices» spec/schema A use case has no key "polices". (policies)']],
    ["lock: update", ['5:1 «lock» spec/schema A use case has no key "lock". ["lock" is a key of a load.]']],
    ["state: { a: { tabel: orders, where: { id: x } } }", ['5:15 «tabel» spec/schema A load has no key "tabel". (table)']],
    ["state: { a: { where: { id: x } } }", ['5:10 «a» spec/schema A load needs the key "table".']],
    [
      "state: { a: orders }",
      ['5:13 «orders» spec/schema Expected a load (a mapping with table, sequence or advisoryLock); found "orders".'],
    ],
    ["state: { A: { table: orders } }", ['5:10 «A» spec/name "A" is not a camelCase name. (a)']],
    [
      "state: { a: { table: orders, lock: for update } }",
      ['5:36 «for update» spec/schema Expected none, share, no key update or update; found "for update". (update)'],
    ],
    [
      "state: { a: { table: orders, where: { id: } } }",
      ["5:39 «id» spec/schema Expected an expression, or operators such as { gte: command.from } or { isNull: true }; found nothing."],
    ],
    [
      "state: { a: { table: orders, where: { id: { in: [x], bogus: 1 } } } }",
      [
        "5:49 «[x]» spec/schema Expected an expression, or a literal as { const: value }; found a list.",
        '5:54 «bogus» spec/schema A condition has no key "bogus". [Known keys: eq, ne, gt, gte, lt, lte, in, notIn, like, ilike, arrayContains, isNull, isNotNull, const, when.]',
      ],
    ],
    ["policies: nonee", ['5:11 «nonee» spec/schema Expected none, or a list of policies; found "nonee". (none)']],
    ["audit: none", ['5:8 «none» spec/schema Expected audit as a mapping; found "none".']],
    [
      "policies: [{}, { rul: x }, { rule: x, with: [a] }, { permission: a b }]",
      [
        "5:12 «{}» spec/schema Expected a policy (a mapping with permission, rule, check or policy); found an empty mapping.",
        '5:18 «rul» spec/schema A rule has no key "rul". (rule)',
        "5:45 «[a]» spec/schema Expected a mapping from names to expressions; found a list.",
        '5:66 «a b» spec/schema "a b" is not a name such as inventory.move.',
      ],
    ],
    [
      "errors: { notFound: conflict, B: confict, C: { kind: gone, mesage: x }, D: {} }",
      [
        '5:34 «confict» spec/schema Expected an error\'s kind, or a mapping with kind; found "confict". (conflict)',
        '5:11 «notFound» spec/name "notFound" is not a PascalCase name. (NotFound)',
        '5:60 «mesage» spec/schema An error has no key "mesage". (message)',
        '5:73 «D» spec/schema An error needs the key "kind".',
      ],
    ],
    [
      "errors: [A, { B: conflict, C: gone }, 3]",
      [
        "5:39 «3» spec/schema Expected the name of a shared error, or one declaration such as NotStocked: conflict; found the number 3.",
        "5:13 «{ B: conflict, C: gone }» spec/schema Expected one declaration such as NotStocked: conflict; found a mapping with B, C.",
      ],
    ],
    ["writes: { a: [inser] }", ['5:15 «inser» spec/schema Expected insert, update or delete; found "inser". (insert)']],
    ["writes: { a: { update: b } }", ['5:24 «b» spec/schema Expected a list of columns, or true for every column; found "b".']],
    ["audit: { subject: { type: X } }", ['5:10 «subject» spec/schema A subject needs the key "id".']],
    ["transaction: { retries: -1 }", ["5:25 «-1» spec/schema Expected a whole number from 0 to 100; found the number -1."]],
    [
      "transaction: { lockTimeout: 2 seconds }",
      ['5:29 «2 seconds» spec/schema "2 seconds" is not a duration such as 500ms or 2s, at most 99h.'],
    ],
    ["jobs: { J: { payload: {}, delay: 3s, at: now } }", ['5:38 «at» spec/schema "at" does not go together with "delay".']],
    ["triggers: [{ schedule: hourly }]", ['5:24 «hourly» spec/schema "hourly" is not a cron expression of five fields.']],
    [
      "usecase2: x\nsumary: x",
      [
        '5:1 «usecase2» spec/schema A use case has no key "usecase2". (usecase)',
        '6:1 «sumary» spec/schema A use case has no key "sumary". (summary)',
      ],
    ],
  ])("%s", async (text, expected) => {
    expect(await findings(`${start}${text}\n`)).toEqual(expected);
  });

  test.each([
    ["{ type: integer, maxLength: 3 }", ['3:32 «maxLength» spec/schema "maxLength" says nothing about integer.']],
    ["{ type: decimal, minimum: 0 }", ['3:32 «minimum» spec/schema "minimum" says nothing about decimal.']],
    ["{ items: uuid, fields: {} }", ['3:30 «fields» spec/schema "fields" does not go together with "items".']],
    ["{}", ["3:12 «a» spec/schema A type needs one of the keys type, items, fields or enum."]],
    ["{ enum: [] }", ["3:23 «[]» spec/schema A list of values must not be empty."]],
    ["{ enum: [b, b] }", ["3:23 «[b, b]» spec/schema The same item twice (1. and 2.)."]],
    ["[uuid]", ["3:15 «[uuid]» spec/schema Expected a type (its name, or a mapping with type, items, fields or enum); found a list."]],
    [
      "{ type: string, from: x }",
      ['3:31 «from» spec/schema A type has no key "from". ["from" is a key of a type in a result or payload.]'],
    ],
    ["{ type: string, maxlength: 3 }", ['3:31 «maxlength» spec/schema A type has no key "maxlength". (maxLength, minLength)']],
  ])("the type %s", async (type, expected) => {
    expect(await findings(`usecase: Sample\nsummary: s\ncommand: { a: ${type} }\nresult: {}\n`)).toEqual(expected);
  });

  test.each([
    [
      "machine",
      "machine: Order\ntable: orders\nfield: status\ninitial: draft\n",
      ['1:1 «machine: Order» spec/schema A state machine needs the key "states".'],
    ],
    [
      "machine",
      "machine: order\ntable: orders\nfield: status\ninitial: draft\nstates: { draft: { on: { go: { to: sent } } }, sent: { type: final, on: {} } }\n",
      [
        '5:26 «go» spec/schema A target needs the key "target".',
        '1:10 «order» spec/name "order" is not a PascalCase name. (Order)',
        '5:32 «to» spec/schema A target has no key "to". [Known keys: target, description.]',
        '5:69 «on» spec/schema A final state has no "on".',
      ],
    ],
    ["shared", "error: {}\n", ['1:1 «error» spec/schema A shared file has no key "error". (errors)']],
    ["shared", "errors: [A]\n", ["1:9 «[A]» spec/schema Expected a mapping from error names to kinds or declarations; found a list."]],
  ] as const)("in a %s file", async (kind, text, expected) => {
    expect((await findings(text, kind)).toSorted()).toEqual(expected.toSorted());
  });

  test("several kinds of mistakes are told in one run, and none twice", async () => {
    const text = "usecase: sample\nsumary: s\ncommand: { a: !x b }\nresult: []\npolicies: none\npolicies: none\n";
    expect((await findings(text)).map((line) => line.split(" spec/")[0]).sort()).toEqual([
      "1:10 «sample»",
      "2:1 «sumary»",
      "3:15 «!x»",
      "4:9 «[]»",
      "6:1 «policies»",
    ]);
  });
});

describe("any text at all", () => {
  const folder = new URL("../../specs/", import.meta.url);
  const samples = readdirSync(folder)
    .filter((name) => name.includes("usecase"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  /** The same numbers every time. */
  const numbers = (seed: number) => () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "- ",
    ",",
    "'",
    '"',
    "!",
    "&a ",
    "*a",
    "|",
    ">",
    "#",
    "?",
    "\n",
    "\t",
    "\u0000",
    "null",
    "<<: ",
    "%",
    "@",
    "\\",
    "1e400",
    "é",
  ];

  test("never throws, and every problem lies inside the text", async () => {
    const random = numbers(7);
    for (let round = 0; round < 200; round++) {
      let text = samples[Math.floor(random() * samples.length)] ?? "";
      for (let edit = 0; edit <= round % 4; edit++) {
        const at = Math.floor(random() * text.length);
        const piece = pieces[Math.floor(random() * pieces.length)] ?? "";
        text = random() < 0.6 ? text.slice(0, at) + piece + text.slice(at) : text.slice(0, at) + text.slice(at + Math.floor(random() * 30));
      }
      const { document, problems } = await readSpec("usecase", "sample.yaml", text);
      const sources = createSourceMap([document]);
      const lines = text.split("\n");
      for (const problem of problems) {
        const { line, column, endLine, endColumn } = sources.locate(problem.place);
        const place = `${line}:${column}-${endLine}:${endColumn} of ${JSON.stringify(text)}`;
        expect(line >= 1 && column >= 1 && endLine <= lines.length && (endLine > line || endColumn >= column), place).toBe(true);
        expect(column <= (lines[line - 1] ?? "").length + 1 && endColumn <= (lines[endLine - 1] ?? "").length + 1, place).toBe(true);
      }
    }
  });
});
