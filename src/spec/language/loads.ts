import { anyOf, described, type JsonSchema, listOf, mapping, mappingOf, ref, valuesOf } from "./json-schema-data.js";
import { errorReference, expression } from "./scalars.js";

const operand = (description: string): JsonSchema => described(ref("operand"), description);
const flag = (description: string): JsonSchema => ({ title: "true or false", type: "boolean", description });
const when = described(expression, "If false, this part does not take place.");

/** Loads (`state`) and their conditions. */
export const loads: Readonly<Record<string, JsonSchema>> = {
  load: anyOf("a load (a mapping with table, sequence or advisoryLock)", [ref("tableLoad"), ref("sequenceLoad"), ref("advisoryLockLoad")]),
  tableLoad: mapping(
    "a load",
    {
      table: described(ref("propertyName"), "The table's (or view's) export name in the Drizzle schema."),
      where: described(ref("where"), "Column → expression, or column → operators; all must hold."),
      cardinality: valuesOf(
        {
          one: "The row, or the `missing` error.",
          optional: "The row or null.",
          many: "An array, by primary key unless `orderBy`.",
        },
        { default: "one", description: "How many rows." },
      ),
      lock: valuesOf(
        {
          none: "The row may change while the use case decides.",
          share: "Nobody changes the row; others may lock it like this too. Not for rows that are written then.",
          "no key update": "For rows that are updated: nobody else changes them or locks them for that.",
          update: "For rows that are deleted or whose keys change: it also blocks the foreign-key checks of inserted children.",
        },
        { default: "none", description: "The row lock, held to the end of the transaction." },
      ),
      wait: valuesOf(
        {
          block: "Wait, up to the lock timeout.",
          nowait: "Refuse at once with LockTimeout.",
          "skip locked": "Leave out rows that are locked: for queues, with `many` or `orderBy`.",
        },
        { default: "block", description: "What happens when somebody else has the lock." },
      ),
      orderBy: listOf("a list of columns", ref("orderBy"), {
        minItems: 1,
        description: "`[{ priority: desc }, createdAt]`; with `one` and `optional` the first row in that order.",
      }),
      limit: { title: "a whole number from 1", type: "integer", minimum: 1, description: "At most so many rows." },
      keyBy: described(ref("propertyName"), "A unique column: the rows as a map, `levels[l.sku]`."),
      missing: described(
        errorReference,
        "The error if there is no row; with `many`, raised unless every value of its `in` list found a row. Default: NotFound.",
      ),
      aggregate: mappingOf("a mapping from names to aggregates", "camelCaseName", ref("aggregate"), {
        minProperties: 1,
        description: "Instead of rows: `{ total: { sum: amount }, count: count, latest: { max: createdAt } }`.",
      }),
      columns: listOf("a list of columns", ref("propertyName"), { minItems: 1, description: "A projection; default all." }),
      when,
      tenant: { enum: ["none"], description: "`none`: the tenant convention is off for this load." },
    },
    ["table"],
  ),
  sequenceLoad: mapping(
    "a load of a sequence",
    {
      sequence: {
        title: "a table and a column such as orders.id",
        type: "string",
        pattern: "^[A-Za-z_$][A-Za-z0-9_$]*\\.[A-Za-z_$][A-Za-z0-9_$]*$",
        description: "`orders.id`: the next id that the database gives, taken before the handler decides.",
      },
      when,
    },
    ["sequence"],
  ),
  advisoryLockLoad: mapping(
    "a load of an advisory lock",
    {
      advisoryLock: described(expression, "Something to lock where no row exists yet: the lock is on the expression's value."),
      when,
    },
    ["advisoryLock"],
  ),
  orderBy: anyOf("a column, or a column with its direction such as { createdAt: desc }", [
    ref("propertyName"),
    {
      title: "a column with its direction such as { createdAt: desc }",
      type: "object",
      propertyNames: ref("propertyName"),
      additionalProperties: valuesOf({ asc: "Smallest first; the default.", desc: "Largest first." }),
      minProperties: 1,
      maxProperties: 1,
    },
  ]),
  aggregate: anyOf("count, or a function and its column such as { sum: amount }", [
    { enum: ["count"] },
    mapping(
      "a function and its column such as { sum: amount }",
      {
        count: described(ref("propertyName"), "How many rows have a value there."),
        sum: described(ref("propertyName"), "The sum; of nothing it is 0."),
        min: described(ref("propertyName"), "The smallest value."),
        max: described(ref("propertyName"), "The largest value."),
        avg: described(ref("propertyName"), "The mean."),
      },
      [],
      { minProperties: 1, maxProperties: 1 },
    ),
  ]),
  where: {
    title: "a mapping from columns to conditions",
    type: "object",
    propertyNames: ref("propertyName"),
    properties: {
      OR: listOf("a list of conditions", ref("where"), { minItems: 1, description: "Any of these must hold." }),
      NOT: described(ref("where"), "This must not hold."),
    },
    additionalProperties: ref("condition"),
  },
  condition: anyOf("an expression, or operators such as { gte: command.from } or { isNull: true }", [expression, ref("operators")]),
  operators: mapping(
    "a condition",
    {
      eq: operand("Equal."),
      ne: operand("Not equal; as in SQL, never true for NULL."),
      gt: operand("Greater."),
      gte: operand("Greater or equal."),
      lt: operand("Less."),
      lte: operand("Less or equal."),
      in: operand("One of a list."),
      notIn: operand("None of a list; as in SQL, never true for NULL."),
      like: operand("SQL's LIKE."),
      ilike: operand("SQL's LIKE, whatever the case."),
      arrayContains: operand("The array has all of these."),
      isNull: flag("The column is NULL."),
      isNotNull: flag("The column is not NULL."),
      const: { description: "A literal: the column equals it." },
      when: described(expression, "If false, these conditions are left out."),
    },
    [],
    { minProperties: 1 },
  ),
  operand: anyOf("an expression, or a literal as { const: value }", [expression, ref("literal")]),
  literal: mapping("a literal", { const: { description: "A literal value." } }, ["const"]),
};
