interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names that stand for numbers, the first for `from`. */
  readonly names: readonly string[];
}

const fields: readonly Field[] = [
  { name: "minute", from: 0, to: 59, names: [] },
  { name: "hour", from: 0, to: 23, names: [] },
  { name: "day of the month", from: 1, to: 31, names: [] },
  { name: "month", from: 1, to: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] },
  { name: "day of the week", from: 0, to: 7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/** What is wrong with a cron expression of five fields, as a sentence; undefined if it is sound. */
export function cronFault(expression: string): string | undefined {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== fields.length) return `A schedule has five fields, and "${expression}" has ${parts.length}.`;
  for (const [index, field] of fields.entries())
    for (const item of (parts[index] ?? "").split(",")) {
      const fault = itemFault(item, field);
      if (fault !== undefined) return fault;
    }
  const [, , day = "", month = "", weekday] = parts;
  return weekday === "*" && neverComes(day, month) ? `"${expression}" never comes: no such month has that day.` : undefined;
}

/** The 30th of February; a list or a range comes if its first day does. */
function neverComes(day: string, month: string): boolean {
  const months = fields[3];
  const first = (text: string) => text.split(",").map((item) => item.split(/[-/]/)[0] ?? "");
  if (months === undefined || day === "*" || /[*-]/.test(month)) return false;
  const longest = Math.max(...first(month).map((item) => daysIn[(numberOf(item, months) ?? 1) - 1] ?? 31));
  return first(day).every((item) => Number(item) > longest);
}

const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function itemFault(item: string, field: Field): string | undefined {
  const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
  if (match === null) return `"${item}" is no ${field.name}.`;
  const [, every, first, last, step] = match;
  if (step === "0") return `A step of 0 in the ${field.name} never ends.`;
  if (every !== undefined) return undefined;
  if (step !== undefined && last === undefined)
    return `"${item}" has a step and no range: write "*/${step}" or "${first}-${field.to}/${step}".`;
  const [low, high] = [numberOf(first, field), numberOf(last ?? first, field)];
  if (low === undefined || high === undefined) return `The ${field.name} is from ${field.from} to ${field.to}, not "${item}".`;
  return low > high ? `"${item}" ends before it begins.` : undefined;
}

function numberOf(text: string | undefined, { from, to, names }: Field): number | undefined {
  if (text === undefined) return undefined;
  const named = names.indexOf(text.toLowerCase());
  if (named !== -1) return from + named;
  const value = Number(text);
  return /^\d+$/.test(text) && value >= from && value <= to ? value : undefined;
}
