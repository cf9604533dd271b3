import type { Problem, TextEdit } from "./finding.js";
import { languageSchemas } from "./language/language-schemas.js";
import type { JsonValue } from "./model.js";
import { inOrder } from "./yaml/in-order.js";
import { readYaml } from "./yaml/read-yaml.js";
import type { YamlDocument } from "./yaml/yaml-document.js";

/** What a call goes through, one after the other; settings such as `tags` and `transaction` may stand anywhere. */
const pipeline: readonly string[] =
  "usecase summary command idempotency prepare state policies transitions writes result errors audit events jobs".split(" ");

/** A use case whose keys are not in the order in which a call goes through them: the first that is out of place. */
export function keyOrderProblem(document: YamlDocument): Problem | undefined {
  const keys = keysOf(document);
  let last = 0;
  for (const key of keys) {
    const rank = pipeline.indexOf(key);
    if (rank === -1) continue;
    if (rank >= last) {
      last = rank;
      continue;
    }
    const present = pipeline.filter((name) => keys.includes(name));
    const fix = repair(document, keys);
    return {
      ruleId: "spec/key-order",
      severity: "warning",
      message: `\`${key}\` stands behind \`${pipeline[last]}\`: keys are in the order in which a call goes through them.`,
      place: { file: document.file, path: [key], on: "key" },
      help: `Here that is ${present.join(", ")}.`,
      ...(fix !== undefined && { fix }),
    };
  }
  return undefined;
}

function keysOf({ value }: YamlDocument): readonly string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** The parts in the language's order, with their comments; nothing where they are not certain to mean the same there. */
function repair(document: YamlDocument, keys: readonly string[]): TextEdit | undefined {
  const { file, text, aliases } = document;
  // An alias must come after its anchor.
  if (aliases.size > 0) return undefined;
  const order = Object.keys(languageSchemas.usecase["properties"] ?? {});
  const sorted = inOrder(
    text,
    keys,
    keys.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)),
  );
  if (sorted === undefined || !isSame(readYaml(file, sorted), document)) return undefined;
  let start = 0;
  while (text[start] === sorted[start]) start += 1;
  let end = text.length;
  while (end > start && text[end - 1] === sorted[end - 1]) end -= 1;
  return { start, end, text: sorted.slice(start, end) };
}

function isSame(one: YamlDocument, other: YamlDocument): boolean {
  const content = (document: YamlDocument) => {
    const value = (document.value ?? {}) as Readonly<Record<string, JsonValue>>;
    return JSON.stringify(
      keysOf(document)
        .toSorted()
        .map((key) => [key, value[key]]),
    );
  };
  return one.faults.length === 0 && content(one) === content(other);
}
