// What loads promise of their rows: a load that is raised as missing has found a row for each of its keys, or the call
// was refused.
import type { Expression, Load, UseCase } from "../model.js";
import { type Fact, type Facts, type Guarantee, noFacts } from "./facts.js";
import { type ASTNode, parseExpression } from "./parse.js";

/** With the list `lines.map(l, l.sku)`, each line has its row, `levels[l.sku]`. */
export function guarantees(load: Load): Guarantee[] {
  const list = completeKeys(load);
  if (list?.op !== "rcall" || list.args[0] !== "map") return [];
  const [, over, [variable, body, more]] = list.args;
  const from = plainPath(over);
  const key = body === undefined ? undefined : plainPath(body);
  if (from === undefined || key === undefined || more !== undefined || variable?.op !== "id") return [];
  const step = key === variable.args ? "" : key.startsWith(`${variable.args}.`) ? key.slice(variable.args.length) : undefined;
  return step === undefined ? [] : [{ list: from, key: step, map: load.name }];
}

/** The same for a written list: `[command.from, command.to]`. */
export function foundRows({ loads }: UseCase): Facts {
  let facts: Map<string, Fact> | undefined;
  for (const load of loads) {
    const list = completeKeys(load);
    if (list?.op !== "list") continue;
    for (const key of list.args) {
      const path = plainPath(key);
      if (path !== undefined) facts = (facts ?? new Map<string, Fact>()).set(`${load.name}[${path}]`, { present: true, seenAt: undefined });
    }
  }
  return facts ?? noFacts;
}

/** The `in` list of a `keyBy` load of which every value has found a row, or the call was refused. */
function completeKeys(load: Load): ASTNode | undefined {
  if (
    load.kind !== "table" ||
    load.keyBy === undefined ||
    load.missing === undefined ||
    load.when !== undefined ||
    load.limit !== undefined
  )
    return undefined;
  const { keyBy } = load;
  const condition = load.where.conditions.find(
    ({ column, operator, when }) => column.name === keyBy.name && operator === "in" && when === undefined,
  );
  if (condition?.value.kind !== "expression") return undefined;
  const parsed = parseExpression(condition.value.expression.source);
  return "ast" in parsed ? parsed.ast : undefined;
}

/** `command.lines`, as facts name it. */
function plainPath(node: ASTNode): string | undefined {
  if (node.op === "id") return node.args;
  if (node.op !== ".") return undefined;
  const object = plainPath(node.args[0]);
  return object === undefined ? undefined : `${object}.${node.args[1]}`;
}

/** Where a `when` holds, the loads with the same `when` took place, so that their row is there. */
export function loadsWithWhen({ loads }: UseCase, condition: Expression): Facts {
  let facts: Map<string, Fact> | undefined;
  for (const load of loads) {
    if (load.when === undefined || normalised(load.when.source) !== normalised(condition.source)) continue;
    if (load.kind === "sequence" || (load.kind === "table" && load.cardinality === "one"))
      facts = (facts ?? new Map<string, Fact>()).set(load.name, { present: true, seenAt: undefined });
  }
  return facts ?? noFacts;
}

function normalised(source: string): string {
  return source.replace(/\s+/g, " ").trim();
}
