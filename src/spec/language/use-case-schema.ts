import { anyOf, described, type JsonSchema, listOf, mapping, mappingOf, ref, valuesOf } from "./json-schema-data.js";
import { errorReference, expression } from "./scalars.js";

const orNone = (title: string, schema: JsonSchema): JsonSchema => anyOf(title, [{ enum: ["none"] }, schema]);

const ignore = listOf("a list of errors", errorReference, {
  uniqueItems: true,
  description: "Errors that mean that nothing is left to do. Any other one is tried again, and ends as a dead letter.",
});

/** The definitions that only use cases have. */
export const useCaseParts: Readonly<Record<string, JsonSchema>> = {
  idempotency: mapping(
    "idempotency",
    {
      key: described(expression, "`caller`: the caller passes a key; or an expression over the command, such as command.requestId."),
      scope: valuesOf(
        { tenant: "One key is one effect for everybody of a tenant.", actor: "Callers do not meet each other's keys." },
        { description: "Whose keys they are. Default: tenant where the configuration has one, else actor." },
      ),
      retention: described({ ...ref("duration"), default: "24h" }, "How long the outcome is kept."),
      refusals: valuesOf(
        { forget: "A refused call may try again under its key.", remember: "A refused call gets the same refusal again." },
        { default: "forget", description: "What a key keeps of a refusal." },
      ),
      fingerprint: described(expression, "What must be equal under one key. Default: the whole command."),
    },
    ["key"],
  ),
  prepare: mapping(
    "a preparation",
    {
      fields: described(ref("fields"), "What the function returns; in scope as prepare.<name>."),
      timeout: described({ ...ref("timeout"), default: "10s" }, "How long it may take."),
      error: described(errorReference, "The declared error if it fails or takes too long. Default: Unavailable."),
    },
    ["fields"],
  ),
  transition: mapping(
    "a transition",
    {
      state: described(ref("camelCaseName"), "The load whose row (or rows) take the event."),
      machine: described(ref("pascalCaseName"), "The state machine."),
      event: described(
        ref("eventName"),
        "Refused with InvalidTransition unless the row's state allows it; the runtime writes the new state.",
      ),
      when: described(expression, "If false, the transition does not take place."),
    },
    ["state", "machine", "event"],
  ),
  eventName: { title: "the name of a machine's event", type: "string", pattern: "^[A-Za-z][A-Za-z0-9_.-]*$", maxLength: 100 },
  audit: mapping("audit", {
    action: described(ref("dottedName"), "What the audit calls it. Default: the use case's name in kebab-case."),
    subject: mapping(
      "a subject",
      {
        type: described(ref("dottedName"), "What kind of thing it was done to."),
        id: described(expression, "Which one."),
      },
      ["type", "id"],
      { description: "What it was done to." },
    ),
    reason: valuesOf(
      { required: "The caller must give a reason.", optional: "The caller may give a reason.", none: "There is no reason to give." },
      { default: "optional", description: "Must the caller say why?" },
    ),
  }),
  trigger: anyOf("a trigger (a mapping with job, event or schedule)", [ref("jobTrigger"), ref("eventTrigger"), ref("scheduleTrigger")]),
  jobTrigger: mapping(
    "a job trigger",
    {
      job: described(ref("pascalCaseName"), "Run for every job of this name."),
      command: described(ref("details"), "The command, field by field: { orderId: job.payload.orderId }. Default: the payload."),
      ignore,
    },
    ["job"],
  ),
  eventTrigger: mapping(
    "an event trigger",
    {
      event: described(ref("pascalCaseName"), "Run for every event of this name."),
      version: { title: "a whole number from 1", type: "integer", minimum: 1, default: 1, description: "Which version of the event." },
      command: described(ref("details"), "The command, field by field: { orderId: event.payload.orderId }. Default: the payload."),
      ignore,
    },
    ["event"],
  ),
  scheduleTrigger: mapping(
    "a schedule",
    {
      schedule: {
        title: "a cron expression of five fields",
        type: "string",
        pattern: "^\\s*([0-9A-Za-z*,/?#-]+\\s+){4}[0-9A-Za-z*,/?#-]+\\s*$",
        maxLength: 200,
        description: 'Minute, hour, day, month, weekday: "*/5 * * * *".',
      },
      timeZone: {
        title: "an IANA time zone",
        type: "string",
        pattern: "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$",
        maxLength: 100,
        default: "UTC",
        description: "Whose clock it goes by: Europe/Berlin.",
      },
      missed: valuesOf(
        { latest: "The latest of them is made up for.", all: "Each of them is made up for.", none: "None of them is made up for." },
        { default: "latest", description: "What becomes of slots that pass while no relay runs." },
      ),
      command: described(ref("details"), "The command, field by field; `slot` is the moment that the schedule names."),
      ignore,
    },
    ["schedule"],
  ),
  transaction: mapping("transaction", {
    isolation: valuesOf(
      {
        "read committed": "What is locked is protected; what is only read may change meanwhile.",
        serializable: "Decisions on rows that are not locked are protected, too; conflicts are retried.",
      },
      { default: "read committed", description: "What concurrent transactions may do to each other." },
    ),
    lockTimeout: described(ref("timeout"), "How long to wait for a lock."),
    statementTimeout: described(ref("timeout"), "How long one statement may take."),
    retries: {
      title: "a whole number from 0 to 100",
      type: "integer",
      minimum: 0,
      maximum: 100,
      description: "Further runs of the whole transaction after a deadlock or a serialization failure.",
    },
  }),
};

/** A use case: one business action or query. */
export const useCaseRoot: JsonSchema = mapping(
  "a use case",
  {
    usecase: described(ref("pascalCaseName"), "The name, unique in the project; the file is called by it in kebab-case."),
    summary: described(ref("line"), "One line for people, carried into JSDoc and documents."),
    description: described(ref("text"), "More than a line, in Markdown."),
    tags: listOf("a list of tags", ref("dottedName"), { uniqueItems: true, description: "For grouping in documents." }),
    owner: described(ref("line"), "Who answers for it."),
    deprecated: {
      title: "true, or one line of text saying what to use",
      type: ["boolean", "string"],
      maxLength: 500,
      pattern: "^[^\\r\\n]*$",
      description: "Callers should stop using it: `true`, or what to use instead.",
    },
    command: described(ref("fields"), "What the caller sends. Unknown fields are refused."),
    idempotency: described(
      orNone("none, or a mapping with key", ref("idempotency")),
      "One key, one effect. Required where anything is changed; `none`: deliberately none.",
    ),
    prepare: mappingOf("a mapping from names to preparations", "camelCaseName", ref("prepare"), {
      description: "Async functions of the handler file, called before the transaction; they may run more than once per key.",
    }),
    state: mappingOf("a mapping from names to loads", "camelCaseName", ref("load"), {
      description: "Rows to load, in the transaction, before anything is decided.",
    }),
    policies: described(
      orNone("none, or a list of policies", ref("policyList")),
      "Who may, and what must hold; the first that fails decides. Required where anything is changed.",
    ),
    transitions: listOf("a list of transitions", ref("transition"), { description: "Events of state machines that loaded rows take." }),
    writes: mappingOf("a mapping from tables to writes", "propertyName", ref("write"), { description: "All that the handler may change." }),
    result: described(ref("computedFields"), "What the caller gets. A field with `from` is computed; the handler gives the others."),
    errors: described(ref("errors"), "Every refusal, declared here or shared."),
    audit: described(ref("audit"), "What the audit says; every use case that changes something is audited in any case."),
    events: described(ref("events"), "What happened, for others: stored with the change, delivered after it."),
    jobs: described(ref("jobs"), "What is to be done next: stored with the change, run after it."),
    triggers: listOf("a list of triggers", ref("trigger"), { description: "Who starts it besides callers." }),
    uses: listOf("a list of service names", ref("camelCaseName"), {
      uniqueItems: true,
      description: "The project's services that the handler is given.",
    }),
    tx: valuesOf(
      { read: "The handler may query.", write: "The handler may write, too: that is not in the audit's changes." },
      { description: "The escape hatch: the handler gets Drizzle over the transaction." },
    ),
    transaction: described(ref("transaction"), "Isolation, timeouts and retries; defaults come from the configuration."),
    tenant: { enum: ["none"], description: "`none`: the tenant convention is off here." },
  },
  ["usecase", "summary", "command", "result"],
);
