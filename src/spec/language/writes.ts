import { anyOf, described, type JsonSchema, listOf, mapping, ref, valuesOf } from "./json-schema-data.js";

const columns = (description: string): JsonSchema =>
  listOf("a list of columns", ref("propertyName"), { minItems: 1, uniqueItems: true, description });

/** What the handler may change. */
export const writes: Readonly<Record<string, JsonSchema>> = {
  write: anyOf("a list of insert, update and delete, or a mapping with these, increment and upsert", [
    listOf(
      "a list of insert, update and delete",
      valuesOf({
        insert: "Rows may be inserted.",
        update: "Loaded rows may be updated: every column.",
        delete: "Loaded rows may be deleted.",
      }),
      { minItems: 1, uniqueItems: true },
    ),
    ref("writeMapping"),
  ]),
  writeMapping: mapping(
    "a write",
    {
      insert: { enum: [true], description: "Rows may be inserted." },
      update: described(
        anyOf("a list of columns, or true for every column", [columns("Only these columns."), { enum: [true] }]),
        "Rows may be updated: only these columns.",
      ),
      increment: columns("`set c = c + n` without reading: no load, no lock held while deciding."),
      upsert: mapping(
        "an upsert",
        {
          key: columns("The columns of a unique index: what decides whether the row exists."),
          update: listOf("a list of columns", ref("propertyName"), {
            uniqueItems: true,
            description: "What changes if the row exists.",
          }),
        },
        ["key", "update"],
        { description: "Insert, or update the row that has the key." },
      ),
      delete: described(
        anyOf("true, or a mapping with where", [{ enum: [true] }, ref("setDelete")]),
        "Rows may be deleted; with `where`, all that match in one statement.",
      ),
    },
    [],
    { minProperties: 1 },
  ),
  setDelete: mapping("a delete with where", { where: described(ref("where"), "Every row that matches is deleted.") }, ["where"]),
};
