// Breaks before these, outside of parentheses and quotes; a break stands for one space of the statement.
const clauses = /^ (?:from|where|order by|for|select|left join|limit|values|case when|set local|\w+ as (?:materialized )?\() ?/;

/** A statement over several lines, for people; with every break read as one space it is the statement as it is sent. */
export function layOutSql(sql: string, indent: string): string {
  let depth = 0;
  let quote: string | undefined;
  let laidOut = "";
  for (let at = 0; at < sql.length; at++) {
    const char = sql[at] ?? "";
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
    } else if (char === "'" || char === '"') quote = char;
    else if (char === "(") depth++;
    else if (char === ")") depth--;
    else if (char === " " && depth === 0 && at > 0 && clauses.test(sql.slice(at, at + 60))) {
      laidOut += `\n${indent}`;
      continue;
    }
    laidOut += char;
  }
  return laidOut;
}
