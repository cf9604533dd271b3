import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { type GenerateReport, generate } from "../tooling.js";

const scratch = fileURLToPath(new URL("../../.tmp", import.meta.url));

const note =
  "usecase: NoteLine\nsummary: Note a line.\ncommand: { line: { type: string, maxLength: 10 } }\nidempotency: none\npolicies: none\n" +
  "writes: { logs: [insert] }\nresult: {}\n";

/** The files of a project with one table and one use case. */
const oneUseCase = {
  "package.json": '{ "type": "module" }',
  "usecase.config.yaml": "schema: schema.ts\n",
  "schema.ts": `import { pgTable, text } from "drizzle-orm/pg-core";\nexport const logs = pgTable("logs", { line: text().primaryKey() });\n`,
  "specs/note-line.usecase.yaml": note,
};

/** What it is made from, and what is made of it. */
export const noteLine = {
  spec: "specs/note-line.usecase.yaml",
  code: "src/usecases/note-line/note-line.gen.ts",
  validator: "src/usecases/note-line/note-line.validator.gen.ts",
  handler: "src/usecases/note-line/note-line.handler.ts",
} as const;

/**
 * A project on disk that is removed after the tests of a file. Inside the repository, because what is generated imports
 * packages.
 * @param own in place of the files of a project with one use case, or beside them
 */
export function smallProject(own: Readonly<Record<string, string>> = {}) {
  mkdirSync(scratch, { recursive: true });
  const root = mkdtempSync(join(scratch, "small-project-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  return {
    root,
    write,
    read,
    /** The files as they were at first; what else is there stays. */
    restore() {
      for (const [path, text] of Object.entries({ ...oneUseCase, ...own })) write(path, text);
    },
    edit(path: string, from: string | RegExp, to: string) {
      write(path, read(path).replace(from, to));
    },
    async run(options: Parameters<typeof generate>[0] = {}): Promise<GenerateReport> {
      const outcome = await generate({ cwd: root, cache: true, ...options });
      if (!outcome.ok) throw new Error(JSON.stringify(outcome.lint.findings));
      return outcome.report;
    },
  };
}

/** What a report says of files that are not as they should be: `update src/…`. */
export const changed = ({ files }: GenerateReport): readonly string[] =>
  files.filter(({ status }) => status !== "unchanged").map(({ path, status }) => `${status} ${path}`);
