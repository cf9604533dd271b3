import { anyOf, described, type JsonSchema, listOf, mapping, mappingOf, ref, valuesOf } from "./json-schema-data.js";
import { expression } from "./scalars.js";

/** What a rule's severity does. */
export const severityMeanings = {
  error: "The rule's findings fail the run.",
  warning: "The rule's findings are shown; they fail the run above --max-warnings.",
  off: "The rule is not run.",
};

/** The definitions that only the configuration has. */
export const configParts: Readonly<Record<string, JsonSchema>> = {
  ruleId: { title: "a rule such as lock/write-without-lock", type: "string", pattern: "^[a-z]+(-[a-z]+)*/[a-z]+(-[a-z]+)*$" },
  command: {
    title: "a command without quotes, variables or other signs of a shell",
    type: "string",
    maxLength: 1000,
    pattern: "^[^\\s\"'`$&|;<>()\\\\*?\\u0000-\\u001f-][^\\n\\r\\t\"'`$&|;<>()\\\\*?\\u0000-\\u001f]*$",
  },
  word: { title: "a word", type: "string", minLength: 1, maxLength: 1000, pattern: "^[^\\u0000]+$" },
  schemaName: {
    title: "the name of a Postgres schema other than public",
    type: "string",
    maxLength: 63,
    // Drizzle makes no schema of the name public: tables without one are there.
    pattern: "^(?!pg_|public$)[A-Za-z_][A-Za-z0-9_]*$",
  },
  path: {
    title: "a path relative to this file",
    type: "string",
    minLength: 1,
    maxLength: 1000,
    // No file system takes longer names.
    pattern: "^(?![/\\\\~]|[A-Za-z]:)(?!.*[^/\\\\]{256}).+$",
  },
};

/** `usecase.config.yaml`: only `schema` has no default. */
export const configRoot: JsonSchema = mapping(
  "the configuration",
  {
    $schema: { title: "text", type: "string", description: "For editors." },
    specs: described({ ...ref("path"), default: "specs" }, "The folder of the specs."),
    schema: described(
      anyOf("a path, or a list of paths", [ref("path"), listOf("a list of paths", ref("path"), { minItems: 1 })]),
      "The Drizzle schema's module or modules.",
    ),
    out: described({ ...ref("path"), default: "src/usecases" }, "The folder that generated code goes to."),
    migrations: described({ ...ref("path"), default: "drizzle" }, "The drizzle-kit migrations folder."),
    casing: valuesOf(
      { snake_case: "createdAt is the column created_at.", camelCase: "created_at is the column createdAt." },
      {
        description: "Drizzle's `casing`, for columns without a name of their own; default from the drizzle.config beside this file.",
      },
    ),
    lockOrder: listOf("a list of tables", ref("propertyName"), {
      uniqueItems: true,
      description: "The global order in which tables are locked and written; others follow by name.",
    }),
    tenant: mapping(
      "the tenant convention",
      {
        column: described(ref("propertyName"), "The column that holds the tenant."),
        value: described(expression, "The caller's tenant, such as actor.tenantId."),
      },
      ["column", "value"],
      { description: "Added to every load and insert of a table that has the column." },
    ),
    version: mapping("the version convention", { column: described(ref("propertyName"), "The column that counts versions.") }, ["column"], {
      description: "Guards and bumps updates of rows loaded without a lock.",
    }),
    session: mappingOf("a mapping from settings to expressions", "settingName", expression, {
      description: "Transaction-local settings, for row-level security.",
    }),
    secretColumns: mappingOf("a mapping from tables to columns", "propertyName", listOf("a list of columns", ref("propertyName")), {
      description: "Columns whose values are never in audit or logs.",
    }),
    actor: mapping("the actor", { claims: described(ref("fields"), "The types of the actor's claims.") }, [], {
      description: "What is known of whoever calls.",
    }),
    transaction: mapping(
      "transaction defaults",
      {
        lockTimeout: described({ ...ref("timeout"), default: "2s" }, "How long to wait for a lock."),
        statementTimeout: described({ ...ref("timeout"), default: "5s" }, "How long one statement may take."),
        retries: {
          title: "a whole number from 0 to 100",
          type: "integer",
          minimum: 0,
          maximum: 100,
          default: 3,
          description: "Further runs after a deadlock or a serialization failure.",
        },
      },
      [],
      { description: "Defaults that a use case may override." },
    ),
    services: described(ref("path"), "The module whose interface `Services` handlers may use."),
    rows: mappingOf("a mapping from tables to type names", "propertyName", ref("pascalCaseName"), {
      description: "Names of row types where the suffix rules fail: { people: Person }.",
    }),
    imports: valuesOf(
      {
        ".js": 'import "./orders.js": what Node runs after compiling.',
        ".ts": 'import "./orders.ts": for runtimes that run TypeScript.',
        none: 'import "./orders": for bundlers.',
      },
      { description: "The suffix of imports in generated code; default from the tsconfig of `out`." },
    ),
    templates: described(ref("path"), "The folder of templates in place of ours: `usecase generate --eject <template>` puts one there."),
    format: described(
      anyOf("a command, or a list of its words", [ref("command"), listOf("a list of words", ref("word"), { minItems: 1 })]),
      "The project's formatter, such as `biome format --write`. It gets the files that have changed as arguments, and is run without a shell.",
    ),
    tables: mapping(
      "settings of the runtime's tables",
      {
        schema: described(ref("schemaName"), "The Postgres schema that they are in; default: where the search path leads."),
        migrations: valuesOf(
          {
            drizzle: "They come with the migrations of drizzle-kit.",
            none: "They come some other way: `usecase generate --sql` prints what makes them.",
          },
          { default: "drizzle", description: "How they come to the database." },
        ),
      },
      [],
      { description: "The tables that the runtime keeps: idempotency keys, audit, outbox." },
    ),
    lint: mapping(
      "lint settings",
      {
        rules: mappingOf("a mapping from rules to error, warning or off", "ruleId", valuesOf(severityMeanings), {
          description: "Severities by rule.",
        }),
      },
      [],
      { description: "How lint behaves." },
    ),
  },
  ["schema"],
);
