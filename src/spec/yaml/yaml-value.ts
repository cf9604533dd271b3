import type { Alias, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { JsonValue, SpecPath } from "../model.js";
import { hasForbiddenCharacter } from "./check-characters.js";
import { looksLikeExpression, meantValue, quoted, quotingEdit } from "./meant-value.js";
import { deepestNesting } from "./parse-yaml.js";
import type { TextFault } from "./text-fault.js";
import { yamlLibrary } from "./yaml-library.js";

export interface YamlValue {
  readonly value: JsonValue;
  readonly aliases: ReadonlyMap<Node, Node>;
  readonly faults: readonly TextFault[];
  readonly doubtful: readonly SpecPath[];
}

/** How many values aliases may stand for in one file. */
const mostAliasedValues = 10_000;

interface Converted {
  readonly value: JsonValue;
  /** How many values it has in it, itself included. */
  readonly size: number;
  readonly height: number;
}

/**
 * The plain value of a document. What YAML would allow but a spec must not say (tags, merge keys, keys written twice,
 * numbers that JavaScript cannot hold) is a fault with its place, and the paths that it spoils are doubtful.
 */
export function yamlValue(root: Node, text: string): YamlValue {
  const { isAlias, isMap, isScalar, isSeq } = yamlLibrary();
  const faults: TextFault[] = [];
  const doubtful: SpecPath[] = [];
  const aliases = new Map<Node, Node>();
  const anchors = new Map<string, { node: Node; converted: Converted | undefined }>();
  let aliased = 0;
  let flow = 0;

  const fault = (node: Node | readonly [number, number], message: string, path: SpecPath, more: Partial<TextFault> = {}): void => {
    const [start, end] = Array.isArray(node) ? (node as [number, number]) : rangeOf(node as Node);
    faults.push({ rule: "spec/syntax", message, start, end, ...more });
    doubtful.push(path);
  };

  const convert = (node: Node | null, path: SpecPath, depth: number): Converted => {
    if (node === null) return empty;
    if (isAlias(node)) return convertAlias(node, path, depth);
    const anchor = (node as Scalar | YAMLMap | YAMLSeq).anchor;
    if (anchor !== undefined) anchors.set(anchor, { node, converted: undefined });
    if (node.tag !== undefined) checkTag(node, path);
    const inFlow = !isScalar(node) && node.flow === true ? 1 : 0;
    flow += inFlow;
    const converted = isMap(node)
      ? convertMap(node as YAMLMap<Node, Node | null>, path, depth)
      : isSeq(node)
        ? convertSeq(node as YAMLSeq<Node>, path, depth)
        : convertScalar(node as Scalar, path);
    flow -= inFlow;
    if (anchor !== undefined) anchors.set(anchor, { node, converted });
    return converted;
  };

  const convertAlias = (node: Alias, path: SpecPath, depth: number): Converted => {
    const target = anchors.get(node.source);
    if (target === undefined) {
      fault(node, `"*${node.source}" is read as a YAML alias, but there is no anchor "&${node.source}" before it.`, path, {
        help: `If a text or an expression is meant, quote it: ${quoted(`*${node.source}`)}`,
      });
      return empty;
    }
    if (target.converted === undefined) {
      fault(node, `"*${node.source}" stands for something that it is part of.`, path);
      return empty;
    }
    aliased += target.converted.size;
    if (aliased > mostAliasedValues) {
      if (aliased - target.converted.size <= mostAliasedValues) {
        fault(node, `Aliases stand for more than ${mostAliasedValues} values.`, [], { rule: "spec/limits" });
      }
      return empty;
    }
    if (depth + target.converted.height > deepestNesting) {
      fault(node, `Nested deeper than ${deepestNesting} levels.`, path, { rule: "spec/limits" });
      return empty;
    }
    aliases.set(node, target.node);
    return target.converted;
  };

  const convertMap = (map: YAMLMap<Node, Node | null>, path: SpecPath, depth: number): Converted => {
    const value: Record<string, JsonValue> = Object.create(null);
    const keys = new Map<string, Node>();
    let size = 1;
    let height = 0;
    for (const pair of map.items) {
      const name = keyName(pair.key, path);
      if (name === undefined) continue;
      const earlier = keys.get(name);
      if (earlier !== undefined) {
        const [start, end] = rangeOf(earlier);
        fault(pair.key, `"${name}" is written twice.`, [...path, name], { related: { message: "The first one.", start, end } });
        continue;
      }
      keys.set(name, pair.key);
      const child = convert(pair.value, [...path, name], depth + 1);
      value[name] = child.value;
      size += child.size;
      height = Math.max(height, child.height + 1);
    }
    if (map.flow) checkCommas(map.items.flatMap(partsOf), path);
    return { value, size, height };
  };

  const convertSeq = (list: YAMLSeq<Node>, path: SpecPath, depth: number): Converted => {
    const children = list.items.map((item, index) => convert(item, [...path, index], depth + 1));
    if (list.flow) checkCommas(list.items, path);
    return {
      value: children.map((child) => child.value),
      size: children.reduce((sum, child) => sum + child.size, 1),
      height: children.reduce((most, child) => Math.max(most, child.height + 1), 0),
    };
  };

  const convertScalar = (node: Scalar, path: SpecPath): Converted => {
    const { value } = node;
    if (typeof value === "string") {
      if (hasForbiddenCharacter(value) && node.type === "QUOTE_DOUBLE" && !faults.some(({ start }) => inRange(start, node))) {
        fault(node, "The text has a control character (or one that changes the direction of writing) in it.", path);
      }
      return { value, size: 1, height: 0 };
    }
    if (typeof value === "number") {
      if (!Number.isFinite(value)) fault(node, `${node.source ?? "This"} is no number that JSON has.`, path, { rule: "spec/limits" });
      else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        fault(node, `${node.source ?? value} is larger than a JavaScript number holds exactly (2^53 - 1).`, path, {
          rule: "spec/limits",
          help: "Quote it, where a text such as a bigint or a decimal is meant.",
        });
      }
      return { value, size: 1, height: 0 };
    }
    return typeof value === "boolean" ? { value, size: 1, height: 0 } : empty;
  };

  const keyName = (key: Node, path: SpecPath): string | undefined => {
    if (isAlias(key)) {
      fault(key, "A key must be text, not an alias.", path);
      return undefined;
    }
    if (!isScalar(key) || typeof key.value !== "string") {
      fault(key, "A key must be text.", path);
      return undefined;
    }
    const name = key.value;
    if (key.tag !== undefined && key.tag !== "tag:yaml.org,2002:str") checkTag(key, path);
    if (key.anchor !== undefined) fault(key, "A key cannot have an anchor.", path);
    if (name === "<<") {
      fault(key, "Merge keys are not part of YAML 1.2.", path, { help: "Write the keys out, or use an alias for the whole value." });
      return undefined;
    }
    if (name === "__proto__") {
      fault(key, '"__proto__" cannot be a name.', path, { rule: "spec/name" });
      return undefined;
    }
    if (name === "" && key.type === "PLAIN") {
      fault(key, "A key is missing before the colon.", path);
      return undefined;
    }
    if (key.type === "QUOTE_DOUBLE" && hasForbiddenCharacter(name)) fault(key, "The key has a control character in it.", path);
    return name;
  };

  const checkTag = (node: Node, path: SpecPath): void => {
    const [valueStart] = rangeOf(node);
    const before = text.lastIndexOf("!", valueStart);
    const start = text.charAt(before - 1) === "!" ? before - 1 : Math.max(before, 0);
    const tag = /^!+[^\s,[\]{}]*/.exec(text.slice(start, start + 200))?.[0] ?? "!";
    const expression = /^!+[A-Za-z_(][\w.]*[(\s.&|]?/.test(tag) && !tag.startsWith("!!");
    const meant = meantValue(text, start, flow > 0);
    fault([start, start + tag.length], `"${tag}" is read as a YAML tag; a spec has none.`, path, {
      ...(expression && {
        help: `Quote the expression: ${quoted(meant)}`,
        ...(looksLikeExpression(meant) && { fix: quotingEdit(meant, start) }),
      }),
    });
  };

  /** In { } and [ ] a comma ends a value, also inside the brackets of a call: `{ in: lines.map(l, l.sku) }`. */
  const checkCommas = (nodes: readonly (Node | null)[], path: SpecPath): void => {
    for (const [index, node] of nodes.entries()) {
      if (node === null || !isOpenCall(node)) continue;
      const closing = nodes.findIndex((other, at) => at > index && other !== null && closesCall(other));
      if (closing === -1) continue;
      const [start] = rangeOf(node);
      const [, end] = rangeOf(nodes[closing] ?? node);
      fault([start, end], "The comma inside the brackets ends the value here.", path, {
        help: `Quote the expression: ${quoted(text.slice(start, end))}`,
        ...(looksLikeExpression(text.slice(start, end)) && { fix: quotingEdit(text.slice(start, end), start) }),
      });
      return;
    }
  };

  const { value } = convert(root, [], 0);
  return { value, aliases, faults, doubtful };
}

const empty: Converted = { value: null, size: 1, height: 0 };

function rangeOf(node: Node): [number, number] {
  const [start = 0, end = start] = node.range ?? [];
  return [start, end];
}

function inRange(offset: number, node: Node): boolean {
  const [start, end] = rangeOf(node);
  return offset >= start && offset < end;
}

function partsOf(pair: Pair<Node, Node | null>): (Node | null)[] {
  return [pair.key, pair.value];
}

function plainText(node: Node): string | undefined {
  return yamlLibrary().isScalar(node) && node.type === "PLAIN" && typeof node.value === "string" ? node.value : undefined;
}

function isOpenCall(node: Node): boolean {
  const text = plainText(node);
  return text !== undefined && balance(text) > 0;
}

function closesCall(node: Node): boolean {
  const text = plainText(node);
  return text !== undefined && balance(text) < 0;
}

function balance(text: string): number {
  let open = 0;
  for (const character of text) open += character === "(" ? 1 : character === ")" ? -1 : 0;
  return open;
}
