/**
 * The candidates that `name` may have been meant to be, best first, at most three: the same letters in another case,
 * then few edits away, then one inside the other. None if nothing is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string[] {
  if (name.length === 0 || name.length > longest) return [];
  const wanted = folded(name);
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of new Set(candidates)) {
    if (candidate === name || candidate.length > longest) continue;
    const score = distanceScore(wanted, folded(candidate));
    if (score !== undefined) scored.push({ candidate, score });
  }
  return scored
    .sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

const longest = 100;

/** Case and word separators do not matter to what was meant. */
function folded(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, "");
}

function distanceScore(wanted: string, candidate: string): number | undefined {
  if (wanted === candidate) return 0;
  // Of a name of one or two letters, one edit leaves nothing.
  const allowed = wanted.length <= 2 ? 0 : Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
  const distance = Math.abs(wanted.length - candidate.length) > allowed ? Number.POSITIVE_INFINITY : edits(wanted, candidate);
  if (distance <= allowed) return distance;
  const [short, long] = wanted.length < candidate.length ? [wanted, candidate] : [candidate, wanted];
  return short.length >= 3 && long.includes(short) ? longest + long.length - short.length : undefined;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function edits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
