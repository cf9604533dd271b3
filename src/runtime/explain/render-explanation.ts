import type { ExplainedStatement, Explanation } from "./explanation.js";
import { layOutSql } from "./lay-out-sql.js";

/** How a text is set off; plain where nothing is given. */
export interface ExplanationStyle {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const plain: ExplanationStyle = { bold: (text) => text, dim: (text) => text };
const varies = {
  when: " (if all of its conditional parts take place)",
  decision: ", for example one row of each kind",
} as const;

/** An explanation for people: the nine steps with their SQL, then locks, round trips, refusals and retries. */
export function renderExplanation(explained: Explanation, { bold, dim }: ExplanationStyle = plain): string {
  const { kind, bursts, lockOrder, roundTrips, refusals, retries } = explained;
  const query = kind === "query";
  const sql = (steps: readonly number[]) =>
    bursts.flatMap(({ statements }, index) => {
      const shown = statements.filter(({ step }) => steps.includes(step));
      return shown.length === 0 ? [] : [dim(`   burst ${index + 1}`), ...shown.flatMap((each) => statementLines(each))];
    });
  const statementLines = ({ what, sql: text, varies: how }: ExplainedStatement) => [
    `   ${what}${how === undefined ? "" : varies[how]}`,
    `     ${layOutSql(text, "       ")}`,
  ];
  const width = Math.max(...refusals.map(({ code }) => code.length));
  const kinds = Math.max(...refusals.map((refusal) => refusal.kind.length));
  return [
    `${bold(explained.useCase)} (${explained.spec}), ${query ? "a query" : "an action"}`,
    "",
    bold("1. validate the command"),
    bold(`2. permissions before any row: ${list(explained.permissions)}`),
    ...sql([2]),
    ...explained.prepare.map(({ name, timeoutMs, error }) => `   prepare: ${name} within ${timeoutMs} ms, else ${error}`),
    bold(query ? "3. a snapshot, where there are several statements" : "3. begin, and claim the idempotency key"),
    ...sql([3]),
    bold("4. load the state"),
    ...sql([4]),
    bold("5. policies, then transitions"),
    ...explained.policies.map((policy) => `   ${policy}`),
    ...explained.transitions.map(({ load, machine, event, moves }) => `   ${load}: ${machine}.${event}, ${movesText(moves)}`),
    bold("6. apply: the handler decides"),
    ...(explained.tx === undefined ? [] : [`   tx: ${explained.tx}; what is queued is sent before each of its queries, a round trip each`]),
    bold(query && !bursts.some(({ statements }) => statements.some(({ step }) => step === 7)) ? "7. write nothing" : "7. write"),
    ...sql([7]),
    bold(`8. commit${query ? "" : ", in the same burst"}`),
    bold("9. the typed result"),
    "",
    `${bold("lock order")}  ${list(lockOrder.map(({ loads, table, lock }) => `${table ?? loads.join(", ")} (${lock})`))}`,
    `${bold("round trips")}  ${roundTrips}`,
    `${bold("retries")}  ${retries.count === 0 ? "none" : `${retries.count}, after SQLSTATE ${retries.after.join(" or ")}`}`,
    bold("refusals"),
    ...refusals.map(({ code, kind: of, when }) => `  ${code.padEnd(width)}  ${of.padEnd(kinds)}  ${when}`),
  ].join("\n");
}

function movesText(moves: Readonly<Record<string, string>>): string {
  return Object.entries(moves)
    .map(([from, to]) => `${from} → ${to}`)
    .join(", ");
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "none" : items.join("; ");
}
