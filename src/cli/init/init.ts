import { existsSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { unifiedDiff } from "../../generate/files/diff.js";
import type { Change } from "../../generate/files/write.js";
import type { Style } from "../../lint/reporters/style.js";
import { ToolError } from "../../spec/tool-error.js";
import type { CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";
import { withProgress } from "../progress.js";
import { schemaLocation } from "../schema-location.js";
import { styleOf } from "../style-of.js";
import { ciWorkflow, repositoryRoot } from "./ci-workflow.js";
import { withYamlSchemas } from "./editor-settings.js";
import { type DrizzleConfig, findDrizzleConfig, findSchema } from "./find-drizzle.js";
import { firstSpec } from "./first-spec.js";
import { withScripts } from "./package-manifest.js";
import { writeFiles } from "./write-files.js";

export interface InitFlags extends CommonOptions {
  readonly schema?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** What happens to one file: a change, or why there is none. */
interface Step {
  readonly target: string;
  readonly change: Change | undefined;
  readonly note: string;
}

/** Puts what `usecase` needs into an existing project. Nothing that is there is overwritten. */
export async function init(io: Io, flags: InitFlags): Promise<number> {
  const root = io.cwd;
  if (!existsSync(join(root, "package.json")))
    throw new ToolError("usage", `There is no package.json in ${root}.`, {
      help: "Run it in the folder of your package, or name that with --cwd.",
    });
  const interactive = io.stdin.isTTY && io.stderr.isTTY && flags.yes !== true;
  if (!interactive && flags.yes !== true && flags.dryRun !== true)
    throw new ToolError("usage", "Is it all right to write into this project?", {
      help: "Say so with --yes; --dry-run shows what would be written.",
    });

  const drizzle = await findDrizzleConfig(root);
  const config = await configStep(io, root, drizzle, flags, interactive);
  const specText = config.text;
  const spec =
    specText === undefined
      ? undefined
      : await withProgress(io, flags.quiet === true || interactive, "reading the schema", () => firstSpec(io, root, specText, interactive));
  const steps: Step[] = [
    config.step,
    ...(spec === undefined ? [] : [written(join(root, spec.file), spec.text, "a first use case, to be filled")]),
    scriptsStep(root),
    workflowStep(root),
    editorStep(root),
  ];
  const changes = steps.flatMap(({ change }) => change ?? []);
  const style = styleOf(io, flags);
  const shown = (path: string) => relative(io.cwd, path).split(sep).join("/");
  const lines = (done: boolean) => steps.map((step) => `${stepLine(step, shown(step.target), done, style)}\n`).join("");
  if (flags.dryRun === true) {
    io.stdout.write(lines(false));
    for (const { target, before, after } of changes) io.stdout.write(`\n${unifiedDiff(shown(target), before, after)}\n`);
    return exitCodes.fine;
  }
  if (interactive && changes.length > 0) {
    io.stderr.write(`\n${lines(false)}\n`);
    if (!(await io.prompts.confirm({ message: "Write these?" }))) throw new ToolError("usage", "Cancelled: nothing was written.");
  }
  await writeFiles(changes);
  if (flags.quiet !== true) io.stdout.write(`${lines(true)}${nextSteps(spec?.useCase, drizzle, changes.length > 0)}`);
  return exitCodes.fine;
}

async function configStep(
  io: Io,
  root: string,
  drizzle: DrizzleConfig | undefined,
  flags: InitFlags,
  interactive: boolean,
): Promise<{ readonly step: Step; readonly text: string | undefined }> {
  const known = ["yaml", "yml", "ts", "mts", "js", "mjs", "json"]
    .map((extension) => join(root, `usecase.config.${extension}`))
    .find(existsSync);
  if (known !== undefined) return { step: kept(known, "is there already"), text: undefined };
  const schema = flags.schema === undefined ? (drizzle?.schema ?? []) : [flags.schema];
  const found = schema.length > 0 ? schema : [findSchema(root) ?? (await askSchema(io, root, interactive))];
  for (const path of found)
    if (!existsSync(join(root, path)))
      throw new ToolError("usage", `There is no ${path}.`, { help: "Say where the Drizzle schema is with --schema." });
  const out = existsSync(join(root, "src")) ? "src/usecases" : "usecases";
  const value = (path: string) => (/^[\w./-]+$/.test(path) ? path : JSON.stringify(path));
  const text = [
    `# yaml-language-server: $schema=${schemaLocation(root, root, "config")}`,
    `schema: ${found.length === 1 ? value(found[0] ?? "") : `[${found.map(value).join(", ")}]`}`,
    `out: ${out}`,
    `migrations: ${value(drizzle?.out ?? "drizzle")}`,
    "",
  ].join("\n");
  return { step: written(join(root, "usecase.config.yaml"), text, "where specs, schema, code and migrations are"), text };
}

async function askSchema(io: Io, root: string, interactive: boolean): Promise<string> {
  if (!interactive)
    throw new ToolError("usage", "Where is the Drizzle schema?", { help: "Say so with --schema, for example --schema src/db/schema.ts." });
  return io.prompts.text({
    message: "Where is your Drizzle schema?",
    placeholder: "src/db/schema.ts",
    validate: (path) => (path !== "" && existsSync(join(root, path)) ? undefined : `There is no ${path}.`),
  });
}

function scriptsStep(root: string): Step {
  const target = join(root, "package.json");
  const before = readFileSync(target, "utf8");
  const scripts = withScripts(before);
  if (scripts === undefined) return kept(target, "has the scripts already");
  return { target, change: { target, before, after: scripts.text }, note: `the scripts ${scripts.added.join(" and ")}` };
}

function workflowStep(root: string): Step {
  const { target, text } = ciWorkflow(root);
  return existsSync(target) ? kept(target, "is there already") : written(target, text, "runs `usecase check` in CI");
}

function editorStep(root: string): Step {
  const repository = repositoryRoot(root);
  const target = join(repository, ".vscode/settings.json");
  const before = existsSync(target) ? readFileSync(target, "utf8") : undefined;
  const after = withYamlSchemas(before, { repository, root });
  if (after === undefined) return kept(target, "has yaml.schemas already, or is not JSON");
  return { target, change: { target, before, after }, note: "completion and checks while writing specs" };
}

function kept(target: string, note: string): Step {
  return { target, change: undefined, note };
}

function written(target: string, text: string, note: string): Step {
  return { target, change: { target, before: undefined, after: text }, note };
}

function stepLine({ change, note }: Step, path: string, done: boolean, style: Style): string {
  const verb = change === undefined ? "keep" : change.before === undefined ? "create" : "update";
  const word = done ? { keep: "kept", create: "created", update: "updated" }[verb] : verb;
  return `${style.bold(word)}  ${path}  ${style.dim(note)}`;
}

function nextSteps(useCase: string | undefined, drizzle: DrizzleConfig | undefined, changed: boolean): string {
  if (!changed) return "";
  return [
    "",
    "Next:",
    "  npx usecase generate       types, handler, test, and the migration of usecasecore's own tables",
    drizzle === undefined
      ? "  npx drizzle-kit migrate    needs a drizzle.config.ts with `dialect`, `schema`, `out` and `dbCredentials`"
      : "  npx drizzle-kit migrate    brings the database up to date",
    ...(useCase === undefined ? [] : [`  npx usecase explain ${useCase}`]),
    "",
  ].join("\n");
}
