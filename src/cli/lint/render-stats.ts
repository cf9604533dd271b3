import type { LintStats } from "../../lint/stopwatch.js";

const slowest = 10;

/** `--stats`: where the time of a run went. */
export function renderStats({ files, durationMs, phases, rules }: LintStats): string {
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  const line = (name: string, ms: number) => `  ${ms.toFixed(1).padStart(8)} ms  ${name}\n`;
  return [
    `${files} files in ${durationMs} ms, ${peakMb} MB at most\n`,
    ...phases.map(({ name, ms }) => line(name, ms)),
    ...(rules.length > 0 ? ["the slowest rules:\n"] : []),
    ...rules.slice(0, slowest).map(({ id, ms }) => line(id, ms)),
  ].join("");
}
