import { relative, resolve, sep } from "node:path";
import type { CacheStore } from "../../spec/cache/cache-store.js";
import type { CliCommand, CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";
import { withProgress } from "../progress.js";
import { repeatable } from "../repeatable.js";

interface GenerateFlags extends CommonOptions {
  readonly check?: boolean;
  readonly dryRun?: boolean;
  readonly diff?: boolean;
  readonly prune?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly cache: boolean;
  readonly watch?: boolean;
  readonly eject?: string;
  readonly only?: readonly string[];
  readonly sql?: boolean;
}

/** `usecase generate` */
export const generateCommand: CliCommand = {
  name: "generate",
  summary: "lint, then write the code that the specs make",
  examples: [
    ["usecase generate", "writes what has changed, all of it or nothing"],
    ["usecase generate --check", "for CI: shows what is stale and exits with 1"],
  ],
  declare(command) {
    command
      .argument("[paths...]", "the folder of the specs: the project is always generated as a whole")
      .option("--check", "write nothing; exit 1 with a diff if anything is stale")
      .option("--dry-run", "write nothing; say what would be written")
      .option("--diff", "show each change as a diff")
      .option("--prune", "remove generated files that nothing makes any more")
      .option("--watch", "generate again after every change; what is wrong leaves the last good output")
      .option("--force", "overwrite generated files that were edited by hand")
      .option("--eject <template>", "copy a template, as generated/use-case, to be changed, into the folder that `templates` names")
      .option("--only <emitter>", "write only what one emitter makes: use-case, validator, …; repeatable", repeatable)
      .option("--sql", "print the SQL that makes the runtime's tables, and write nothing")
      .option("--no-cache", "neither use nor keep answers in .usecase/cache/")
      .option("--json", "as JSON");
  },
  async run(io, [paths], flags: GenerateFlags) {
    const [{ generate }, { printGenerateReport }, { printFindings }, { tuneForOnePass }] = await Promise.all([
      import("../../tooling.js"),
      import("../generate-report.js"),
      import("../print-findings.js"),
      import("../lint/tune-for-one-pass.js"),
    ]);
    if (flags.eject !== undefined) return eject(io, flags, flags.eject);
    if (flags.sql === true) return printSql(io, flags);
    const where = { cwd: io.cwd, ...(flags.config !== undefined && { config: flags.config }) };
    const once = async (cache: boolean | CacheStore): Promise<number> => {
      const outcome = await withProgress(io, flags.quiet === true, "generating", () =>
        generate({
          ...where,
          paths: paths as readonly string[],
          check: flags.check === true,
          dryRun: flags.dryRun === true,
          prune: flags.prune === true,
          force: flags.force === true,
          ...(flags.only !== undefined && { only: flags.only }),
          cache,
          onMany: tuneForOnePass,
          onWait: ({ pid }) => io.stderr.write(`Waiting for another run that is writing to this project (process ${pid}).\n`),
        }),
      );
      if (!outcome.ok) {
        printFindings(io, flags, outcome.lint);
        return exitCodes.findings;
      }
      return printGenerateReport(io, flags, outcome);
    };
    if (flags.watch !== true) return once(flags.cache);
    const { watchProject } = await import("../watch-project.js");
    return watchProject(io, { ...where, cache: flags.cache }, once);
  },
};

async function eject(io: Io, flags: GenerateFlags, template: string): Promise<number> {
  const [{ readConfig }, { ejectTemplate }] = await Promise.all([
    import("../../spec/config/read-config.js"),
    import("../../generate/template/eject-template.js"),
  ]);
  const { root, config } = await readConfig(io.cwd, flags.config);
  const path = await ejectTemplate(root, config.templates, template);
  if (flags.quiet !== true) io.stdout.write(`created  ${relative(io.cwd, resolve(root, path)).split(sep).join("/")}\n`);
  return exitCodes.fine;
}

async function printSql(io: Io, flags: GenerateFlags): Promise<number> {
  const [{ readConfig }, { tablesSql }] = await Promise.all([
    import("../../spec/config/read-config.js"),
    import("../../generate/tables-sql.js"),
  ]);
  const { config } = await readConfig(io.cwd, flags.config);
  io.stdout.write(await tablesSql(config.tables.schema));
  return exitCodes.fine;
}
