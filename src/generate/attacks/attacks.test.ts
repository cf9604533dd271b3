// Nothing in a spec becomes code: every position of the language × every family of attacks. A text is refused with file,
// line and column, or it is in the generated code as what it is: a string, a comment, a name.
//   npm run attacks                 one text of every family in every position (minutes)
//   ATTACKS=all npm run attacks     every text of every family in every position (an hour)
// Without either, as a part of all tests: every position, and every family, once at least.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createJiti } from "jiti";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lint } from "../../lint/lint.js";
import { reporters } from "../../lint/reporters/registry.js";
import { openCache, rememberingCache } from "../../spec/cache/cache-store.js";
import type { Finding } from "../../spec/finding.js";
import { type LoadedProject, loadProject } from "../../spec/load-project.js";
import { ToolError } from "../../spec/tool-error.js";
import { generate } from "../generate.js";
import { type Attack, attacked, attacksOn, kindOf, places, textOf } from "./attack.fixture.js";
import { baseDocuments } from "./base-documents.fixture.js";
import { families } from "./families.fixture.js";
import { inspectCode } from "./inspect-code.fixture.js";
import { positionsOf } from "./string-positions.fixture.js";

const extent = process.env["ATTACKS"];
const repository = fileURLToPath(new URL("../../../", import.meta.url));
mkdirSync(join(repository, ".tmp"), { recursive: true });
const scratch = mkdtempSync(join(repository, ".tmp/attacks-"));
const root = join(scratch, "project");
const outside = join(scratch, "outside");
const cache = rememberingCache(openCache(root));
let executions = 0;

beforeAll(() => {
  Object.assign(globalThis, { canary: () => executions++ });
  for (const folder of [join(root, "usecase-templates"), outside]) mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(baseDocuments)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (kindOf(path) === undefined) writeFileSync(join(root, path), text);
  }
  writeFileSync(join(root, "usecase.config.yaml"), textOf("usecase.config.yaml"));
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  symlinkSync(outside, join(root, "link"));
});
afterAll(() => {
  Reflect.deleteProperty(globalThis, "canary");
  rmSync(scratch, { recursive: true, force: true });
});

/** Attacks that share a document. */
interface Candidate {
  readonly base: string;
  readonly attacks: readonly Attack[];
}
interface Verdict {
  readonly candidate: Candidate;
  /** Undefined: lint lets it through. */
  readonly refusal: string | undefined;
}
const badRefusals: string[] = [];
let outputs = 0;

/** What lint says of each; use cases stand together in one project, whatever all of them share stands alone. */
async function judge(candidates: readonly Candidate[]): Promise<readonly Verdict[]> {
  const together = candidates.filter(({ base }) => kindOf(base) === "usecase");
  const verdicts: Verdict[] = [];
  for (let start = 0; start < together.length; start += 200) verdicts.push(...(await judgeTogether(together.slice(start, start + 200))));
  for (const candidate of candidates.filter(({ base }) => kindOf(base) !== "usecase")) verdicts.push(...(await judgeTogether([candidate])));
  return verdicts;
}

async function judgeTogether(candidates: readonly Candidate[]): Promise<readonly Verdict[]> {
  const { files, overrides } = projectOf(candidates);
  try {
    const loaded = await loadProject({ cwd: root, overrides, cache });
    const findings = lint(loaded);
    inspectOutput(loaded, findings);
    const errors = findings.filter(({ severity }) => severity === "error");
    for (const finding of errors) inspectPlace(loaded, finding);
    const sharesAll = candidates.length === 1;
    if (!sharesAll && errors.some(({ file }) => !files.includes(file))) {
      // A mistake that shows in what all of them use: whose is it?
      const middle = candidates.length >> 1;
      return [...(await judgeTogether(candidates.slice(0, middle))), ...(await judgeTogether(candidates.slice(middle)))];
    }
    return candidates.map((candidate, index) => {
      const error = errors.find(({ file }) => sharesAll || file === files[index]);
      return { candidate, refusal: error && `${error.ruleId} ${error.message}` };
    });
  } catch (error) {
    // A configuration that cannot be read is no finding, but it says where as well.
    if (!(error instanceof ToolError) || error.code === "internal") throw new Error(`Lint failed on ${told(candidates)}`, { cause: error });
    if (!/^usecase\.config\.yaml:\d+:\d+ /m.test(error.message)) badRefusals.push(error.message);
    return candidates.map((candidate) => ({ candidate, refusal: error.message }));
  }
}

function told(candidates: readonly Candidate[]): string {
  const texts = candidates.flatMap(({ attacks }) =>
    attacks.map(({ position, text }) => `${position}: ${JSON.stringify(text.slice(0, 80))}`),
  );
  return `${texts.length} attacks, among them\n${texts.slice(0, 20).join("\n")}`;
}

function projectOf(
  candidates: readonly Candidate[],
  out = "src/usecases",
): { readonly files: readonly string[]; readonly overrides: Map<string, string> } {
  const written = candidates.map(({ base, attacks }, index) => attacked(base, attacks, index));
  const shared = candidates.some(({ base }) => kindOf(base) !== "usecase");
  const others = ["specs/the-rest.usecase.yaml", "specs/put-member.usecase.yaml", "specs/short-errors.usecase.yaml"];
  const base = Object.keys(baseDocuments).filter(
    (file) => kindOf(file) !== undefined && (kindOf(file) !== "usecase" || (shared && others.includes(file))),
  );
  const overrides = new Map([
    ...base.map((file) => [file, textOf(file)] as const),
    ...written.map(({ file, text }) => [file, text] as const),
  ]);
  overrides.set(
    "usecase.config.yaml",
    (overrides.get("usecase.config.yaml") ?? "").replace(/"?out"?: "?src\/usecases"?/, (text) => text.replace("src/usecases", out)),
  );
  return { files: written.map(({ file }) => file), overrides };
}

function inspectPlace({ sources }: LoadedProject, { file, line, column, message }: Finding): void {
  const text = sources.text(file);
  // What is not read, as a link, has a name and no lines.
  if (text === undefined && line === 1 && column === 1) return;
  const lines = text?.split("\n") ?? [];
  if (text === undefined || line < 1 || line > lines.length || column < 1 || column > (lines[line - 1] ?? "").length + 1) {
    badRefusals.push(`${file}:${line}:${column} ${message}`);
  }
}

/** The commands that are ours to give: an annotation, and where the rest of many is told. */
const ownCommand = /^::(?:(?:error|warning|notice) file=|group::\d+ more |endgroup::$|notice title=usecase lint::\d+ more )/;

/** What is printed of a finding is one line, and no command of a terminal or a CI host. */
function inspectOutput({ sources }: LoadedProject, findings: readonly Finding[]): void {
  const summary = { files: 1, errors: findings.length, warnings: 0, fixed: 0, durationMs: 0 };
  for (const { name, render } of reporters) {
    const text = render({ findings, summary, source: (file) => sources.text(file) }, { color: false, directory: "" });
    outputs++;
    const commands = text
      .split(/[\n\r\u0085\u2028\u2029]/)
      .filter((line) => /^\s*(?:::|##\[|##vso\[)/.test(line) && !(name === "github" && ownCommand.test(line)));
    expect(commands, name).toEqual([]);
    if (["agent", "compact", "github", "text"].includes(name))
      expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069]/.exec(text)?.[0], name).toBeUndefined();
  }
}

/** Attacks that lint lets through one by one, put into as few documents as lint lets through. */
async function packed(accepted: readonly Attack[]): Promise<readonly Candidate[]> {
  const groups = new Map<string, Attack[]>();
  const taken = new Map<string, number>();
  for (const attack of accepted) {
    // Of one place each document has one text.
    const place = `${attack.base} ${attack.position}`;
    const turn = taken.get(place) ?? 0;
    taken.set(place, turn + 1);
    const group = `${attack.base} ${turn}`;
    groups.set(group, [...(groups.get(group) ?? []), attack]);
  }
  let open: readonly Candidate[] = [...groups.values()].map((attacks) => ({ base: attacks[0]?.base ?? "", attacks }));
  const sound: Candidate[] = [];
  while (open.length > 0) {
    const verdicts = await judge(open);
    sound.push(...verdicts.filter(({ refusal }) => refusal === undefined).map(({ candidate }) => candidate));
    open = verdicts.flatMap(({ candidate: { base, attacks }, refusal }) => {
      if (refusal === undefined || attacks.length === 1) return [];
      const middle = attacks.length >> 1;
      return [
        { base, attacks: attacks.slice(0, middle) },
        { base, attacks: attacks.slice(middle) },
      ];
    });
  }
  return sound;
}

let batches = 0;

/** Generates, parses every file back, and runs them. Returns how many there were. */
async function generateAndRun(candidates: readonly Candidate[]): Promise<number> {
  const out = `out/${batches++}`;
  const { overrides } = projectOf(candidates, out);
  // Each is the first run of its project.
  for (const folder of [".usecase", "drizzle"]) rmSync(join(root, folder), { recursive: true, force: true });
  const before = filesIn(scratch);
  const loaded = await loadProject({ cwd: root, overrides, cache });
  const templates = join(root, loaded.project.config.templates ?? "usecase-templates");
  if (templates.startsWith(scratch)) mkdirSync(templates, { recursive: true });
  const report = await generate(loaded).catch((error: unknown) => {
    // The folder of templates is asked for only now.
    if (
      error instanceof ToolError &&
      /^usecase\.config\.yaml:\d+:\d+ The folder .* that `templates` names cannot be read/.test(error.message)
    )
      return undefined;
    throw new Error(`Generating failed on ${told(candidates)}`, { cause: error });
  });
  if (report === undefined) return 0;
  expect(report).toMatchObject({ written: true, refused: false });
  const { out: folder, migrations } = loaded.project.config;
  // A configuration may name any folder, also behind a link or beside the project: nothing goes anywhere else.
  const configured = [folder, migrations, ".usecase"].map((each) =>
    `${relative(scratch, realpathSync(join(root, each)))}/`.replace(/^\/$/, ""),
  );
  const written = filesIn(scratch).filter((file) => !before.includes(file));
  expect(written.filter((file) => !configured.some((each) => file.startsWith(each)))).toEqual([]);
  const own = written.filter((file) => file.startsWith(configured[0] ?? ""));
  expect(own.flatMap((file) => inspectCode(file, readFileSync(join(scratch, file), "utf8")))).toEqual([]);
  const index = await importIndex(join(root, folder, "index.gen.ts"));
  expect(Object.keys(index.useCases)).toHaveLength(loaded.project.useCases.length);
  expect(executions).toBe(0);
  return own.length;
}

/** Vite reads `#`, `?` and `%` in a path as parts of a URL; jiti takes a path as it is. */
async function importIndex(file: string): Promise<{ readonly useCases: object }> {
  if (!/[#?%]/.test(file)) return import(/* @vite-ignore */ pathToFileURL(file).href);
  return createJiti(import.meta.url).import(file);
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : [],
  );

test("the base documents have every position of the language", () => {
  const kinds = ["config", "machine", "shared", "usecase"] as const;
  expect(kinds.flatMap(positionsOf).filter((position) => !places.has(position))).toEqual([]);
});

const mostMinutes = extent === "all" ? 240 : extent === "cells" ? 40 : 20;

test("no text of a spec becomes anything else", { timeout: mostMinutes * 60_000 }, async () => {
  const positions = [...places.keys()].sort();
  const names = Object.keys(families);
  const tried = positions.flatMap((position, index) =>
    names.flatMap((family, number) => {
      const attacks = attacksOn(position, family);
      if (extent === "all") return attacks;
      return extent === "cells" || number === index % names.length
        ? [attacks[index % attacks.length]].filter((attack) => attack !== undefined)
        : [];
    }),
  );
  const verdicts = await judge(tried.map((attack) => ({ base: attack.base, attacks: [attack] })));
  const accepted = verdicts.flatMap(({ candidate, refusal }) => (refusal === undefined ? candidate.attacks : []));
  expect(badRefusals).toEqual([]);

  const sound = await packed(accepted);
  const together = sound.filter(({ base }) => kindOf(base) === "usecase");
  let files = 0;
  for (let start = 0; start < together.length; start += 100) files += await generateAndRun(together.slice(start, start + 100));
  for (const candidate of sound.filter(({ base }) => kindOf(base) !== "usecase")) files += await generateAndRun([candidate]);
  process.stderr.write(
    `${positions.length} positions × ${names.length} families of attacks: ${tried.length} tried, ${verdicts.length - accepted.length} refused with file, line and column, ` +
      `${accepted.length} let through as texts; ${files} generated files parsed back and run; executions ${executions}; files outside the configured folders 0; ${outputs} reports printed\n`,
  );
  expect(accepted.length).toBeGreaterThan(0);
});
