const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `500ms`, `15m`, `24h`, `7d` in milliseconds; undefined for anything else. */
export function durationMs(text: string | undefined): number | undefined {
  const [, amount, unit = ""] = /^([0-9]{1,6})(ms|s|m|h|d)$/.exec(text ?? "") ?? [];
  const factor = milliseconds[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}

export function durationSeconds(text: string | undefined): number | undefined {
  const ms = durationMs(text);
  return ms === undefined ? undefined : ms / 1000;
}
